package io.hypertape.kernels.updates;

import java.util.ArrayList;
import java.util.List;

/**
 * What optimizers that find their step size, or need no schedule, do to each weight, in one pass
 * over memory: new states and values, and sums over the weights where a new estimate follows from
 * them. Products and quotients are rounded one by one, in the order in which they are written here;
 * running means are those of {@link io.hypertape.kernels.Kernels#adam}.
 *
 * <p>No pass can be faster than its operands come from memory, which is its floor: four bytes a
 * weight for each vector that it reads or writes, told of each kernel below. Adam's update streams
 * 28.
 */
public enum AdaptiveUpdate {
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
  private final int sums;

  AdaptiveUpdate(List<String> inputs, List<String> outputs, List<String> scalars, int sums) {
    this.inputs = inputs;
    this.outputs = outputs;
    List<String> all = new ArrayList<>(inputs);
    all.addAll(outputs);
    this.vectors = List.copyOf(all);
    this.scalars = scalars;
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
