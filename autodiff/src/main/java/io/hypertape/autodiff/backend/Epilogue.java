package io.hypertape.autodiff.backend;

/** What a dense layer does to its sums while they are at hand. */
public enum Epilogue {
  /** Nothing. */
  NONE,
  /** Hyperbolic tangent. */
  TANH,
  /** max(x, 0). */
  RELU,
  /** 1/(1+e^−x). */
  SIGMOID
}
