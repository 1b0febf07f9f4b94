package io.hypertape.models;

/**
 * The form of a character-level language model.
 *
 * @param vocabulary number of symbols
 * @param embedding features of a symbol
 * @param hidden units of every LSTM layer
 * @param layers number of LSTM layers
 * @param dropout probability to drop a feature between two layers; 0 for none
 */
public record CharLstmSpec(int vocabulary, int embedding, int hidden, int layers, double dropout) {

  /** Checks the numbers. */
  public CharLstmSpec {
    if (vocabulary < 1 || embedding < 1 || hidden < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "character LSTM: "
              + vocabulary
              + " symbols, "
              + embedding
              + " features, "
              + hidden
              + " units, "
              + layers
              + " layers; each must be at least 1");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "character LSTM: dropout is " + dropout + "; 0 ≤ dropout < 1 is needed");
    }
  }

  /**
   * Two layers of 128 units.
   *
   * @param vocabulary number of symbols
   * @return the form
   */
  public static CharLstmSpec of(int vocabulary) {
    return new CharLstmSpec(vocabulary, 128, 128, 2, 0);
  }

  /**
   * The same form with other layers, and as many features of a symbol as units.
   *
   * @param units of every layer
   * @param number of layers
   * @return the changed form
   */
  public CharLstmSpec withLayers(int units, int number) {
    return new CharLstmSpec(vocabulary, units, units, number, dropout);
  }

  /**
   * The same form with dropout between layers.
   *
   * @param probability to drop a feature; 0 for none
   * @return the changed form
   */
  public CharLstmSpec withDropout(double probability) {
    return new CharLstmSpec(vocabulary, embedding, hidden, layers, probability);
  }
}
