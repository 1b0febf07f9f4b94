package io.hypertape.kernels.layers;

/**
 * Sizes of one step of a recurrent layer.
 *
 * @param batch rows: independent sequences
 * @param hidden features of the state
 * @param gateRow distance of rows of gates, at least as long as they are
 */
public record CellShape(int batch, int hidden, int gateRow) {

  /** Checks the numbers. */
  public CellShape {
    if (batch < 0 || hidden < 0 || gateRow < 0) {
      throw new IllegalArgumentException(
          "cell: batch "
              + batch
              + ", "
              + hidden
              + " hidden units, rows "
              + gateRow
              + " apart; each is 0 or more");
    }
  }

  /**
   * Elements of a state.
   *
   * @return batch times hidden
   */
  public int size() {
    return Math.multiplyExact(batch, hidden);
  }
}
