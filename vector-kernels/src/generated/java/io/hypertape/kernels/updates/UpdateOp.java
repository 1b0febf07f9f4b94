// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
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
 * weight for each vector that it reads or writes, told of each kernel below.
 */
public enum UpdateOp {
  /** Gradient descent, p' = p − alpha·g. 12 bytes a weight. */
  SGD("p g", "pOut", "alpha", 0),
  /** Its derivative by alpha, −⟨c, g⟩. 8 bytes a weight. */
  SGD_HYPER("c g", "", "alpha", 1),
  /** With momentum: b' = mu·b + g, p' = p − alpha·b'. 20 bytes a weight. */
  SGD_MOMENTUM("p g b", "pOut bOut", "alpha mu", 0),
  /** Its derivatives by alpha and mu, −⟨c, mu·b + g⟩ and −alpha·⟨c, b⟩. 12 bytes a weight. */
  SGD_MOMENTUM_HYPER("c g b", "", "alpha mu", 2),
  /** AdaGrad: s' = s + g², p' = p − alpha·g/√(s' + eps). 20 bytes a weight. */
  ADAGRAD("p g s", "pOut sOut", "alpha eps", 0),
  /** Its derivative by alpha, −⟨c, g/√(s + g² + eps)⟩. 12 bytes a weight. */
  ADAGRAD_HYPER("c g s", "", "alpha eps", 1),
  /**
   * RMSProp: s' = gamma·s + (1−gamma)·g², p' = p − alpha·g/√(s' + eps). The decay is in double
   * precision, since 1 − gamma counts. 20 bytes a weight.
   */
  RMSPROP("p g s", "pOut sOut", "alpha gamma~ eps", 0),
  /**
   * Its derivatives by alpha and gamma, −⟨c, g/√(s' + eps)⟩ and ½·alpha·⟨c, g·(s − g²)/(s' +
   * eps)^1.5⟩. 12 bytes a weight.
   */
  RMSPROP_HYPER("c g s", "", "alpha gamma~ eps", 2),
  /**
   * Adam: m' = beta1·m + (1−beta1)·g, v' = beta2·v + (1−beta2)·g², p' = p − alpha·m̂/(√v̂ + eps),
   * m̂ = m'/(1−beta1^t), v̂ = v'/(1−beta2^t), t being the number of steps, that one included. 28
   * bytes a weight.
   */
  ADAM("p g m v", "pOut mOut vOut", "alpha beta1~ beta2~ eps t", 0),
  /**
   * Its derivatives by alpha, beta1 and beta2; the bias corrections are differentiated through
   * beta^t. An element whose v̂ is 0 adds nothing to that by beta2. 16 bytes a weight.
   */
  ADAM_HYPER("c g m v", "", "alpha beta1~ beta2~ eps t", 3),
  /**
   * A running mean of weights, mean' = mean + rate·e with e = w − mean; sums ⟨g, e⟩, Σg² and Σe².
   * 16 bytes a weight.
   */
  TRACE("g w mean", "meanOut", "rate", 3),
  /**
   * Prodigy's means: m' = β₁·m + (1−β₁)·(d·g), v' = β₂·v + (1−β₂)·(d·g)², s' = β₃·s + weight·g;
   * sums ⟨x0 − p, g⟩ and Σ|s'|. A β₃ of 0 stands for √β₂. 36 bytes a weight.
   */
  PRODIGY_TERMS("p g m v s x0", "mOut vOut sOut", "d weight beta1~ beta2~ beta3", 2),
  /**
   * The means of D-Adaptation with Adam: with h = step·g, m' = β₁·m + (1−β₁)·h, v' = β₂·v +
   * (1−β₂)·g², s' = √β₂·s + (1−√β₂)·h; sums ⟨s/(√v + ε), h⟩ and Σ|s'|. 28 bytes a weight.
   */
  DADAPT_ADAM_TERMS("g m v s", "mOut vOut sOut", "step beta1~ beta2~ eps", 2),
  /**
   * The sum of gradients of D-Adaptation: with h = step·g, s' = s + h; sums ⟨h, s⟩, Σs'² and Σr², r
   * being the gradient without weight decay; where r is g, it is read once. 16 bytes a weight.
   */
  DADAPT_SGD_TERMS("g raw s", "sOut", "step", 3),
  /** How far weights have gone: sums Σg², Σ(p − x0)² and Σx0². 12 bytes a weight. */
  DISTANCE_TERMS("p g x0", "", "", 3),
  /**
   * Mechanic's offset: o' = o + (q − p), q being where the base optimizer would go; sums Σg², Σq²,
   * ⟨o, g⟩ and ⟨o, q⟩. 20 bytes a weight.
   */
  MECHANIC_TERMS("p g q o", "oOut", "", 4),
  /** The step that follows from means, p' = p − m/(√v + ε)·step. 16 bytes a weight. */
  MEANS_STEP("p m v", "pOut", "step eps", 0),
  /**
   * Schedule-Free gradient descent: with h = g·step + y·shrink, z' = z − h, y' = z' + (h + (y −
   * z)/β)·(β'·(1−c)). 20 bytes a weight.
   */
  SCHEDULE_FREE_SGD("y g z", "yOut zOut", "step shrink beta betaNow c", 0),
  /**
   * Schedule-Free AdamW: the same with h = g/(√(v'/(1−β₂^t)) + ε)·step + y·shrink and v' = β₂·v +
   * (1−β₂)·g². 28 bytes a weight.
   */
  SCHEDULE_FREE_ADAM("y g z v", "yOut zOut vOut", "step shrink beta betaNow c beta2~ eps t", 0),
  /**
   * A gradient beside two other vectors: sums Σg², ⟨g, a⟩, ⟨g, b⟩ and Σb²; those that are the same
   * are read once. 12 bytes a weight.
   */
  GRADIENT_TERMS("g a b", "", "", 4),
  /**
   * Gradient descent by a step size for each weight, learned by AdaGrad: h = −(g·before)/squares,
   * G' = G + h², P' = P − h·alpha/(√G' + ε), p' = p − g·P'. 32 bytes a weight.
   */
  SCALED_STEP("p g before P G", "pOut POut GOut", "alpha squares eps", 0),
  /** The same with momentum: moved = p − last, p' = (p − g·P') + moved·mu. 40 bytes a weight. */
  SCALED_MOMENTUM("p g before P G last", "pOut POut GOut movedOut", "alpha squares eps mu", 0);

  private final List<String> inputs;
  private final List<String> outputs;
  private final List<String> vectors;
  private final List<String> scalars;
  private final boolean[] decays;
  private final int sums;

  UpdateOp(String inputs, String outputs, String scalars, int sums) {
    this.inputs = words(inputs);
    this.outputs = words(outputs);
    List<String> all = new ArrayList<>(this.inputs);
    all.addAll(this.outputs);
    this.vectors = List.copyOf(all);
    this.scalars = words(scalars.replace("~", ""));
    this.sums = sums;
    List<String> marked = words(scalars);
    this.decays = new boolean[marked.size()];
    for (int i = 0; i < decays.length; i++) {
      decays[i] = marked.get(i).endsWith("~");
    }
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
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
