package io.hypertape.models;

/** A model that gives log-probabilities of classes, [N, classes], for a batch of N examples. */
public interface Classifier extends Network {

  /**
   * How many classes it tells apart.
   *
   * @return the length of an output row
   */
  int classes();

  @Override
  default int outputs() {
    return classes();
  }
}
