package io.hypertape.models;

/** What a model is run for: some layers do different things in training and in use. */
public enum Mode {
  /** Training: batch norm takes the batch's statistics and keeps running ones, dropout drops. */
  TRAIN,
  /** Use and testing: batch norm takes the running statistics, dropout does nothing. */
  EVALUATE
}
