package io.hypertape.run;

/**
 * Where a run stands between two steps.
 *
 * @param epoch number of the epoch, from 1
 * @param batches that have been taken of it
 * @param lossSum sum of their losses
 */
record Progress(int epoch, long batches, double lossSum) {

  static final Progress START = new Progress(1, 0, 0);

  Progress nextEpoch() {
    return new Progress(epoch + 1, 0, 0);
  }

  double meanLoss() {
    return lossSum / Math.max(batches, 1);
  }
}
