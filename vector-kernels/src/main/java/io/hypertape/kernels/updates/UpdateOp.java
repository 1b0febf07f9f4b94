package io.hypertape.kernels.updates;

import java.util.ArrayList;
import java.util.List;

/**
 * What optimizers do to each weight, in one pass over memory: new values and states of old ones,
 * and sums over the weights. An update is followed by its {@code _HYPER} twin, the derivative: of
 * the cotangent c of the new parameter, and what the update has read, it gives for each scalar that
 * counts the sum ⟨c, ∂p'/∂scalar⟩, and it takes the update's scalars, be they needed or not.
 * Products and quotients are rounded one by one, in the order in which they are written here; a
 * running mean is that of {@link #RMSPROP}, β·m + (1−β)·x with the digits of a β that a float
 * cannot tell from 1.
 *
 * <p>No pass can be faster than its operands come from memory, which is its floor: four bytes a
 * weight for each vector that it reads or writes, told of each kernel below. Adam's update streams
 * 28.
 */
public enum UpdateOp {
  /** Gradient descent, p' = p − alpha·g: 12 bytes a weight. */
  SGD(List.of("p", "g"), List.of("pOut"), List.of("alpha"), 0),
  /** Its derivative by alpha, −⟨c, g⟩: 8 bytes. */
  SGD_HYPER(List.of("c", "g"), List.of(), List.of("alpha"), 1),
  /** With momentum: b' = mu·b + g, p' = p − alpha·b'. 20 bytes. */
  SGD_MOMENTUM(List.of("p", "g", "b"), List.of("pOut", "bOut"), List.of("alpha", "mu"), 0),
  /** Its derivatives by alpha and mu, −⟨c, mu·b + g⟩ and −alpha·⟨c, b⟩: 12 bytes. */
  SGD_MOMENTUM_HYPER(List.of("c", "g", "b"), List.of(), List.of("alpha", "mu"), 2),
  /** AdaGrad: s' = s + g², p' = p − alpha·g/√(s' + eps). 20 bytes. */
  ADAGRAD(List.of("p", "g", "s"), List.of("pOut", "sOut"), List.of("alpha", "eps"), 0),
  /** Its derivative by alpha, −⟨c, g/√(s + g² + eps)⟩: 12 bytes. */
  ADAGRAD_HYPER(List.of("c", "g", "s"), List.of(), List.of("alpha", "eps"), 1),
  /**
   * RMSProp: s' = gamma·s + (1−gamma)·g², p' = p − alpha·g/√(s' + eps). The decay is in double
   * precision, since 1 − gamma counts. 20 bytes.
   */
  RMSPROP(List.of("p", "g", "s"), List.of("pOut", "sOut"), List.of("alpha", "gamma", "eps"), 0),
  /**
   * Its derivatives by alpha and gamma, −⟨c, g/√(s' + eps)⟩ and ½·alpha·⟨c, g·(s − g²)/(s' +
   * eps)^1.5⟩: 12 bytes.
   */
  RMSPROP_HYPER(List.of("c", "g", "s"), List.of(), List.of("alpha", "gamma", "eps"), 2),
  /**
   * Adam: m' = beta1·m + (1−beta1)·g, v' = beta2·v + (1−beta2)·g², p' = p − alpha·m̂/(√v̂ + eps),
   * m̂ = m'/(1−beta1^t), v̂ = v'/(1−beta2^t), t being the number of steps, that one included. 28
   * bytes.
   */
  ADAM(
      List.of("p", "g", "m", "v"),
      List.of("pOut", "mOut", "vOut"),
      List.of("alpha", "beta1", "beta2", "eps", "t"),
      0),
  /**
   * Its derivatives by alpha, beta1 and beta2; the bias corrections are differentiated through
   * beta^t. An element whose v̂ is 0 adds nothing to that by beta2. 16 bytes.
   */
  ADAM_HYPER(
      List.of("c", "g", "m", "v"), List.of(), List.of("alpha", "beta1", "beta2", "eps", "t"), 3),
  /**
   * A running mean of weights, mean' = mean + rate·e with e = w − mean; sums ⟨g, e⟩, Σg² and Σe².
   * 16 bytes.
   */
  TRACE(List.of("g", "w", "mean"), List.of("meanOut"), List.of("rate"), 3),
  /**
   * Prodigy's means: m' = β₁·m + (1−β₁)·(d·g), v' = β₂·v + (1−β₂)·(d·g)², s' = β₃·s + weight·g;
   * sums ⟨x0 − p, g⟩ and Σ|s'|. A β₃ of 0 stands for √β₂. Six vectors in, three out: 36 bytes a
   * weight.
   */
  PRODIGY_TERMS(
      List.of("p", "g", "m", "v", "s", "x0"),
      List.of("mOut", "vOut", "sOut"),
      List.of("d", "weight", "beta1", "beta2", "beta3"),
      2),
  /**
   * The means of D-Adaptation with Adam: with h = step·g, m' = β₁·m + (1−β₁)·h, v' = β₂·v +
   * (1−β₂)·g², s' = √β₂·s + (1−√β₂)·h; sums ⟨s/(√v + ε), h⟩ and Σ|s'|. Four vectors in, three out:
   * 28 bytes a weight.
   */
  DADAPT_ADAM_TERMS(
      List.of("g", "m", "v", "s"),
      List.of("mOut", "vOut", "sOut"),
      List.of("step", "beta1", "beta2", "eps"),
      2),
  /**
   * The sum of gradients of D-Adaptation: with h = step·g, s' = s + h; sums ⟨h, s⟩, Σs'² and Σr², r
   * being the gradient without weight decay. Three vectors in, one out: 16 bytes a weight, 12 where
   * r is g.
   */
  DADAPT_SGD_TERMS(List.of("g", "raw", "s"), List.of("sOut"), List.of("step"), 3),
  /** How far weights have gone: sums Σg², Σ(p − x0)² and Σx0². Three vectors in: 12 bytes. */
  DISTANCE_TERMS(List.of("p", "g", "x0"), List.of(), List.of(), 3),
  /**
   * Mechanic's offset: o' = o + (q − p), q being where the base optimizer would go; sums Σg², Σq²,
   * ⟨o, g⟩ and ⟨o, q⟩. Four vectors in, one out: 20 bytes a weight.
   */
  MECHANIC_TERMS(List.of("p", "g", "q", "o"), List.of("oOut"), List.of(), 4),
  /**
   * The step that follows from means, p' = p − m/(√v + ε)·step. Three vectors in, one out: 16 bytes
   * a weight.
   */
  MEANS_STEP(List.of("p", "m", "v"), List.of("pOut"), List.of("step", "eps"), 0),
  /**
   * Schedule-Free gradient descent: with h = g·step + y·shrink, z' = z − h, y' = z' + (h + (y −
   * z)/β)·(β'·(1−c)). Three vectors in, two out: 20 bytes a weight.
   */
  SCHEDULE_FREE_SGD(
      List.of("y", "g", "z"),
      List.of("yOut", "zOut"),
      List.of("step", "shrink", "beta", "betaNow", "c"),
      0),
  /**
   * Schedule-Free AdamW: the same with h = g/(√(v'/(1−β₂^t)) + ε)·step + y·shrink and v' = β₂·v +
   * (1−β₂)·g². Four vectors in, three out: 28 bytes a weight, as Adam.
   */
  SCHEDULE_FREE_ADAM(
      List.of("y", "g", "z", "v"),
      List.of("yOut", "zOut", "vOut"),
      List.of("step", "shrink", "beta", "betaNow", "c", "beta2", "eps", "t"),
      0),
  /**
   * A gradient beside two other vectors: sums Σg², ⟨g, a⟩, ⟨g, b⟩ and Σb². Three vectors in: 12
   * bytes a weight, less where they are the same.
   */
  GRADIENT_TERMS(List.of("g", "a", "b"), List.of(), List.of(), 4),
  /**
   * Gradient descent by a step size for each weight, learned by AdaGrad: h = −(g·before)/squares,
   * G' = G + h², P' = P − h·alpha/(√G' + ε), p' = p − g·P'. Five vectors in, three out: 32 bytes a
   * weight.
   */
  SCALED_STEP(
      List.of("p", "g", "before", "P", "G"),
      List.of("pOut", "POut", "GOut"),
      List.of("alpha", "squares", "eps"),
      0),
  /**
   * The same with momentum: moved = p − last, p' = (p − g·P') + moved·mu. Six vectors in, four out:
   * 40 bytes a weight.
   */
  SCALED_MOMENTUM(
      List.of("p", "g", "before", "P", "G", "last"),
      List.of("pOut", "POut", "GOut", "moved"),
      List.of("alpha", "squares", "eps", "mu"),
      0);

  private final List<String> inputs;
  private final List<String> outputs;
  private final List<String> vectors;
  private final List<String> scalars;
  private final boolean[] decays;
  private final int sums;

  UpdateOp(List<String> inputs, List<String> outputs, List<String> scalars, int sums) {
    this.inputs = inputs;
    this.outputs = outputs;
    List<String> all = new ArrayList<>(inputs);
    all.addAll(outputs);
    this.vectors = List.copyOf(all);
    this.scalars = scalars;
    this.decays = new boolean[scalars.size()];
    for (int i = 0; i < decays.length; i++) {
      decays[i] = List.of("beta1", "beta2", "gamma").contains(scalars.get(i));
    }
    this.sums = sums;
  }

  /**
   * The vectors that it reads.
   *
   * @return their names, in order
   */
  public List<String> inputs() {
    return inputs;
  }

  /**
   * The vectors that it writes.
   *
   * @return their names, in order
   */
  public List<String> outputs() {
    return outputs;
  }

  /**
   * The scalars that it reads.
   *
   * @return their names, in order
   */
  public List<String> scalars() {
    return scalars;
  }

  /**
   * Whether a scalar is the decay of a running mean, of which 1 − β has to be exact too.
   *
   * @param scalar its place
   * @return true for beta1, beta2 and gamma
   */
  public boolean isDecay(int scalar) {
    return decays[scalar];
  }

  /**
   * How many sums it gives.
   *
   * @return 0 or more
   */
  public int sums() {
    return sums;
  }

  /**
   * The vectors that it reads and writes.
   *
   * @return inputs, then outputs
   */
  public List<String> vectors() {
    return vectors;
  }
}
