package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An optimizer's update of one parameter: a {@link FusedOp} whose inputs are {@code [p, g, state…,
 * hyperparameters…]} and whose results are {@code [p', state'…]}.
 */
public final class UpdateOp {

  private final Optional<FusedKernel> kernel;
  private final FusedOp op;

  private UpdateOp(Optional<FusedKernel> kernel, FusedOp op) {
    this.kernel = kernel;
    this.op = op;
  }

  /**
   * Describes an update that backends may have a kernel for.
   *
   * @param update the fused kernel
   * @param hyper its hypergradient kernel
   * @param states number of state tensors, each of the parameter's shape
   * @param tunable number of hyperparameters that {@code hyper} differentiates by
   * @param definition the same update in tensor operations, from inputs to outputs
   */
  public UpdateOp(
      FusedKernel update,
      FusedKernel hyper,
      int states,
      int tunable,
      UnaryOperator<List<Tensor>> definition) {
    Nulls.check(update, "update: update");
    Nulls.check(hyper, "update: hyper");
    Nulls.check(definition, "update: definition");
    if (!update.isUpdate()
        || hyper != FusedKernel.valueOf(update.name() + "_HYPER")
        || states != update.states()
        || tunable != update.derivatives()) {
      throw new IllegalArgumentException(
          "update: kernels "
              + update
              + " and "
              + hyper
              + " with "
              + states
              + " states and derivatives by "
              + tunable
              + " hyperparameters; an update, its _HYPER twin and their numbers, as in"
              + " FusedKernel, are needed");
    }
    this.kernel = Optional.of(update);
    this.op = FusedOp.update(update, definition);
  }

  /**
   * An update without fused kernels: its definition runs on every backend.
   *
   * @param definition the update in tensor operations, from {@code [p, g, state…,
   *     hyperparameters…]} to {@code [p', state'…]}
   * @return the update
   */
  public static UpdateOp defined(UnaryOperator<List<Tensor>> definition) {
    return new UpdateOp(
        Optional.empty(), FusedOp.of("update", Nulls.check(definition, "update: definition")));
  }

  /**
   * The kernel that backends may have for it.
   *
   * @return the fused update; empty if there is only a definition
   */
  public Optional<FusedKernel> kernel() {
    return kernel;
  }

  /**
   * Runs the update.
   *
   * @param inputs {@code [p, g, state…, hyperparameters…]}
   * @return {@code [p', state'…]}
   */
  public List<Tensor> apply(List<Tensor> inputs) {
    Nulls.check(inputs, "update: inputs");
    if (inputs.size() < 2) {
      throw new IllegalArgumentException(
          "update: " + inputs.size() + " inputs; [p, g, state…, hyperparameters…] are needed");
    }
    return op.apply(inputs);
  }
}
