package io.hypertape.autodiff;

/** What {@link Tape#gradient} does with its own work. */
public enum GradientMode {
  /** Computes the gradients only. */
  FIRST_ORDER,
  /** Also records how they were computed, so that they can be differentiated again. */
  DIFFERENTIABLE
}
