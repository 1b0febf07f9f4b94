package io.hypertape.optim;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An update that backends may have a kernel for, with a definition by name that stands in for it
 * where there is none, and gives derivatives of higher order:
 *
 * <pre>{@code
 * static final FusedUpdate MOMENTUM =
 *     new FusedUpdate(
 *         FusedKernel.SGD_MOMENTUM, List.of("momentum"), List.of("alpha", "mu"), MyRule::define);
 *
 * public Updated update(Update u) {
 *   return MOMENTUM.apply(u, u.value("alpha"), u.value("mu"));
 * }
 * }</pre>
 */
public final class FusedUpdate {

  private final FusedKernel kernel;
  private final List<String> states;
  private final List<String> scalars;
  private final FusedOp op;

  /**
   * Describes an update.
   *
   * @param kernel the fused update
   * @param states names for its states, in the kernel's order
   * @param scalars names for its scalar operands, in the kernel's order
   * @param definition the same update in tensor operations; it reads its operands by {@link
   *     Update#value}
   * @throws IllegalArgumentException if the kernel is no update, or has other numbers of states or
   *     operands
   */
  public FusedUpdate(
      FusedKernel kernel,
      List<String> states,
      List<String> scalars,
      Function<Update, Updated> definition) {
    Nulls.check(kernel, "fused update: kernel");
    this.kernel = kernel;
    this.states = Nulls.copy(states, "fused update: states");
    this.scalars = Nulls.copy(scalars, "fused update: scalars");
    Nulls.check(definition, "fused update: definition");
    this.op = FusedOp.update(kernel, in -> definition.apply(byName(in)).all());
    if (states.size() != kernel.states() || scalars.size() != kernel.hyperparameters()) {
      throw new IllegalArgumentException(
          "fused update "
              + kernel
              + ": states "
              + states
              + " and operands "
              + scalars
              + "; it has "
              + kernel.states()
              + " states and "
              + kernel.hyperparameters()
              + " operands");
    }
  }

  private Update byName(List<Tensor> in) {
    int first = 2 + states.size();
    return new Update(
        kernel.toString(), in.get(0), in.get(1), states, in.subList(2, first), new Operands(in));
  }

  /** The scalars of a definition: by the names that the operands have, and in no other form. */
  private final class Operands implements Update.Scalars {
    private final List<Tensor> in;

    Operands(List<Tensor> in) {
      this.in = in;
    }

    @Override
    public Tensor value(String name) {
      int index = scalars.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException(
            "fused update "
                + kernel
                + ": its definition reads operand '"
                + name
                + "'; there are "
                + Update.list(scalars));
      }
      return in.get(2 + states.size() + index);
    }

    @Override
    public Tensor complement(String name) {
      throw unknown("1 − " + name);
    }

    @Override
    public Tensor constant(double value) {
      throw unknown("the constant " + value);
    }

    @Override
    public Tensor t() {
      throw unknown("t");
    }

    private IllegalArgumentException unknown(String what) {
      return new IllegalArgumentException(
          "fused update "
              + kernel
              + ": its definition reads "
              + what
              + ", which is no operand by name; there are "
              + Update.list(scalars));
    }
  }

  /**
   * Runs the update.
   *
   * @param u value, gradient and states; the latter under the names that this has for them
   * @param operands the scalar operands, in the kernel's order
   * @return the new value and states
   * @throws IllegalArgumentException if there is another number of operands, or a state is missing
   */
  public Updated apply(Update u, Tensor... operands) {
    Nulls.check(u, "fused update: u");
    List<Tensor> given = Nulls.copy(operands, "fused update: operands");
    if (given.size() != scalars.size()) {
      throw new IllegalArgumentException(
          "fused update "
              + kernel
              + ": "
              + given.size()
              + " operands; it takes "
              + scalars.size()
              + ": "
              + Update.list(scalars));
    }
    List<Tensor> inputs = new ArrayList<>(2 + states.size() + given.size());
    inputs.add(u.p());
    inputs.add(u.g());
    for (String state : states) {
      inputs.add(u.state(state));
    }
    inputs.addAll(given);
    List<Tensor> outputs = op.apply(inputs);
    Updated result = u.to(outputs.get(0));
    for (int s = 0; s < states.size(); s++) {
      result = result.with(states.get(s), outputs.get(1 + s));
    }
    return result;
  }

  /** The operation itself, from {@code [p, g, states…, operands…]} to {@code [p', states'…]}. */
  FusedOp op() {
    return op;
  }

  @Override
  public String toString() {
    return kernel.toString() + scalars;
  }
}
