package io.hypertape.autodiff.backend;

/**
 * The three products of a convolution y = x ∗ w. Each is bilinear, and their derivatives are one
 * another, so any order of derivatives follows.
 */
public enum ConvolutionPass {
  /** a = x [N, C, H, W], b = w [K, C/groups, R, S], out = y [N, K, P, Q]. */
  FORWARD,
  /** a = ȳ [N, K, P, Q], b = w [K, C/groups, R, S], out = x̄ [N, C, H, W]. */
  DATA,
  /** a = x [N, C, H, W], b = ȳ [N, K, P, Q], out = w̄ [K, C/groups, R, S]. */
  FILTER
}
