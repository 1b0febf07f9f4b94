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
 *
 * <p>Of a decay β of a running mean the operand is 1 − β, which has all its digits where β is near
 * 1. It counts as 2⁻⁵³ if it is below and as the float next to 1 if it is above: β stays between 0
 * and 1, both excluded.
 */
public enum FusedKernel {
  /** p' = p − α·g. Hyperparameters: α. */
  SGD(0, 1, 1),
  /** Hypergradient of {@link #SGD}. */
  SGD_HYPER(SGD),
  /** b' = μ·b + g, p' = p − α·b'. State: b. Hyperparameters: α, μ. */
  SGD_MOMENTUM(1, 2, 2),
  /** Hypergradients of {@link #SGD_MOMENTUM}: α, μ. */
  SGD_MOMENTUM_HYPER(SGD_MOMENTUM),
  /** G' = G + g², p' = p − α·g/√(G' + ε). State: G. Hyperparameters: α, ε. */
  ADAGRAD(1, 2, 1),
  /** Hypergradient of {@link #ADAGRAD}: α. */
  ADAGRAD_HYPER(ADAGRAD),
  /** s' = γ·s + (1−γ)·g², p' = p − α·g/√(s' + ε). State: s. Hyperparameters: α, 1−γ, ε. */
  RMSPROP(1, 3, 2),
  /** Hypergradients of {@link #RMSPROP}: α, 1−γ. */
  RMSPROP_HYPER(RMSPROP),
  /**
   * m' = β₁·m + (1−β₁)·g, v' = β₂·v + (1−β₂)·g², p' = p − α·m̂/(√v̂ + ε) with m̂ = m'/(1−β₁^t), v̂
   * = v'/(1−β₂^t). State: m, v. Hyperparameters: α, 1−β₁, 1−β₂, ε, t.
   */
  ADAM(2, 5, 3),
  /** Hypergradients of {@link #ADAM}: α, 1−β₁, 1−β₂. */
  ADAM_HYPER(ADAM),
  /**
   * No update: a running mean of weights, and what their distance from it has to do with their
   * gradient. It reads {@code [g, w, x̄, c, a, b, d]}, of which the last four are scalars, and
   * writes {@code [x̄ + c·e, a + ⟨g, e⟩, b + |g|², d + |e|²]} with e = w − x̄.
   */
  TRACE,
  /**
   * No update: how a trace goes on after n updates. It reads the scalars {@code [n, a, highest,
   * rests, s, γ, ln drop, rest, first]} and writes {@code [rate, open, highest', rests']}: with
   * highest' = max(highest, a) from n = 2 on, a restart where a is below highest' by ln drop, s ≥ 1
   * and n ≥ rests; then rate = 1, highest' = a and rests' = n + max(10, rest·n), and else rate = (γ
   * + 1)/(max(n, 1) + γ). open is 1 where n ≥ first, n ≥ rests' and s ≥ 1, and else 0.
   */
  TRACE_RATE,
  /**
   * No update: a cosine as a hypergradient. It reads the scalars {@code [⟨g, e⟩, |g|², |e|², n,
   * largest, normalized, limit]} and writes {@code [h, largest']}: with c = ⟨g, e⟩/(|g|·|e|), 0 if
   * that is no number, largest' = max(largest, |c|) and h = c, divided by largest' if normalized is
   * not 0, cut to the limit; but h = −1 if |e| = 0, |g| > 0 and n ≥ 1.
   */
  TRACE_COSINE,
  /**
   * No update: a choice. It reads {@code [c, a, b]}, the first a scalar, and writes a where c is
   * not 0 and b where it is.
   */
  SELECT,
  /**
   * Prodigy's means, and sums for its estimate. It reads {@code [p, g, m, v, s, x₀, d, w, 1−β₁,
   * 1−β₂, β₃]}, of which the last five are scalars, and writes {@code [β₁·m + (1−β₁)·d·g, β₂·v +
   * (1−β₂)·d²·g², s', ⟨x₀ − p, g⟩, Σ|s'|]} with s' = β₃·s + w·g; a β₃ of 0 stands for √β₂.
   */
  PRODIGY_TERMS,
  /**
   * Means of D-Adaptation with Adam, and sums for its estimate. It reads {@code [g, m, v, s, γ,
   * 1−β₁, 1−β₂, ε]}, of which the last four are scalars, and writes {@code [β₁·m + (1−β₁)·γ·g, β₂·v
   * + (1−β₂)·g², s', ⟨s/(√v + ε), γ·g⟩, Σ|s'|]} with s' = √β₂·s + (1−√β₂)·γ·g.
   */
  DADAPT_ADAM_TERMS,
  /**
   * D-Adaptation's sum of gradients, and sums for its estimate. It reads {@code [g, r, s, γ]}, r
   * being the gradient without weight decay and γ a scalar, and writes {@code [s' = s + γ·g, ⟨γ·g,
   * s⟩, Σs'², Σr²]}.
   */
  DADAPT_SGD_TERMS,
  /**
   * How far weights have gone. It reads {@code [p, g, x₀]} and writes the scalars {@code [Σg², Σ(p
   * − x₀)², Σx₀²]}.
   */
  DISTANCE_TERMS,
  /**
   * Mechanic's offset, and sums for its scales. It reads {@code [p, g, q, o]}, q being where its
   * base goes, and writes {@code [o + (q − p), Σg², Σq², ⟨o, g⟩, ⟨o, q⟩]}.
   */
  MECHANIC_TERMS,
  /**
   * The step that follows from means. It reads {@code [p, m, v, γ, ε]}, the last two scalars, and
   * writes p − γ·m/(√v + ε).
   */
  MEANS_STEP,
  /**
   * Schedule-Free gradient descent. It reads {@code [y, g, z, γ, κ, β, β', c]}, of which the last
   * five are scalars, and writes {@code [y', z']}: with h = γ·g + κ·y, z' = z − h and y' = z' + (h
   * + (y − z)/β)·β'·(1−c).
   */
  SCHEDULE_FREE_SGD,
  /**
   * Schedule-Free AdamW. It reads {@code [y, g, z, v, γ, κ, β, β', c, 1−β₂, ε, t]}, of which the
   * last eight are scalars, and writes {@code [y', z', v']}: the same with h = γ·g/(√(v'/(1−β₂^t))
   * + ε) + κ·y and v' = β₂·v + (1−β₂)·g².
   */
  SCHEDULE_FREE_ADAM,
  /**
   * A gradient beside two other vectors. It reads {@code [g, a, b]} and writes the scalars {@code
   * [Σg², ⟨g, a⟩, ⟨g, b⟩, Σb²]}.
   */
  GRADIENT_TERMS,
  /**
   * Gradient descent by a step size for each weight, learned by AdaGrad. It reads {@code [p, g, g⁻,
   * P, G, α, q, ε]}, of which the last three are scalars, and writes {@code [p', P', G']}: with h =
   * −g·g⁻/q, G' = G + h², P' = P − α·h/(√G' + ε) and p' = p − P'·g.
   */
  SCALED_STEP,
  /**
   * The same with momentum. It reads {@code [p, g, g⁻, P, G, p⁻, α, q, ε, μ]}, of which the last
   * four are scalars, and writes {@code [p', P', G', p − p⁻]} with p' = p − P'·g + μ·(p − p⁻).
   */
  SCALED_MOMENTUM;

  private final int states;
  private final int hyperparameters;
  private final int derivatives;
  private final boolean update;

  FusedKernel(int states, int hyperparameters, int derivatives) {
    this.states = states;
    this.hyperparameters = hyperparameters;
    this.derivatives = derivatives;
    this.update = true;
  }

  /** No update. */
  FusedKernel() {
    this.states = 0;
    this.hyperparameters = 0;
    this.derivatives = 0;
    this.update = false;
  }

  /** The derivative of an update: it reads as many operands. */
  FusedKernel(FusedKernel update) {
    this.states = update.states;
    this.hyperparameters = update.hyperparameters;
    this.derivatives = update.derivatives;
    this.update = false;
  }

  /**
   * Whether it is an update, and not the derivative of one.
   *
   * @return false for the {@code _HYPER} kernels and those from {@link #TRACE} on
   */
  public boolean isUpdate() {
    return update;
  }

  /**
   * How many state tensors it reads, each of the parameter's shape.
   *
   * @return 0 or more
   */
  public int states() {
    return states;
  }

  /**
   * How many scalars it reads.
   *
   * @return hyperparameters, those that nothing is differentiated by included
   */
  public int hyperparameters() {
    return hyperparameters;
  }

  /**
   * By how many of the scalars, the first ones, an update is differentiated.
   *
   * @return what the derivative writes
   */
  public int derivatives() {
    return derivatives;
  }
}
