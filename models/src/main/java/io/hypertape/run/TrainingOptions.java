package io.hypertape.run;

/**
 * How long and in what portions to train.
 *
 * @param epochs passes over the training set, at least 1
 * @param batch images a step, at least 1; the partial last batch of an epoch is kept
 * @param seed of the order of the images
 */
public record TrainingOptions(int epochs, int batch, long seed) {

  /** Checks the numbers. */
  public TrainingOptions {
    if (epochs < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "epochs is " + epochs + " and batch " + batch + "; both must be at least 1");
    }
  }
}
