package io.hypertape.autodiff.backend;

/**
 * Kernels that do in one pass what ordinary operations define in several. Every one is optional:
 * where a backend has none, the definition runs instead.
 *
 * <p>An update reads {@code [p, g, state…, hyperparameters…]} and writes {@code [p', state'…]}. All
 * but the hyperparameters (scalars, in effective form) have p's shape and are contiguous. Its
 * {@code _HYPER} twin is the derivative: it reads {@code [c, g, state…, hyperparameters…]}, where c
 * is the cotangent of p' and the state is that from before the update, and writes for each
 * hyperparameter (but for eps and the step count t) the scalar {@code ⟨c, ∂p'/∂hyperparameter⟩}.
 */
public enum FusedKernel {
  /** p' = p − α·g. Hyperparameters: α. */
  SGD,
  /** Hypergradient of {@link #SGD}. */
  SGD_HYPER,
  /** b' = μ·b + g, p' = p − α·b'. State: b. Hyperparameters: α, μ. */
  SGD_MOMENTUM,
  /** Hypergradients of {@link #SGD_MOMENTUM}: α, μ. */
  SGD_MOMENTUM_HYPER,
  /** G' = G + g², p' = p − α·g/√(G' + ε). State: G. Hyperparameters: α, ε. */
  ADAGRAD,
  /** Hypergradient of {@link #ADAGRAD}: α. */
  ADAGRAD_HYPER,
  /** s' = γ·s + (1−γ)·g², p' = p − α·g/√(s' + ε). State: s. Hyperparameters: α, γ, ε. */
  RMSPROP,
  /** Hypergradients of {@link #RMSPROP}: α, γ. */
  RMSPROP_HYPER,
  /**
   * m' = β₁·m + (1−β₁)·g, v' = β₂·v + (1−β₂)·g², p' = p − α·m̂/(√v̂ + ε) with m̂ = m'/(1−β₁^t), v̂
   * = v'/(1−β₂^t). State: m, v. Hyperparameters: α, β₁, β₂, ε, t.
   */
  ADAM,
  /** Hypergradients of {@link #ADAM}: α, β₁, β₂. */
  ADAM_HYPER
}
