package io.hypertape.benchmarks.study;

/**
 * How a model does on a part of the data.
 *
 * @param figure what it is judged by, in the task's unit
 * @param loss mean loss
 */
record Mark(double figure, double loss) {

  /** Whether both are numbers. */
  boolean isFinite() {
    return Double.isFinite(figure) && Double.isFinite(loss);
  }
}
