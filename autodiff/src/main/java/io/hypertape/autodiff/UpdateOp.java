package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An optimizer's update of one parameter as one operation: a fused kernel where the backend has it,
 * else, and for derivatives that no kernel gives, its definition in ordinary operations.
 *
 * <p>Inputs are {@code [p, g, state…, hyperparameters…]}; outputs {@code [p', state'…]}. The kernel
 * {@code hyper} gives the cotangents of the first {@code tunable} hyperparameters from that of p'.
 */
public final class UpdateOp extends Op {

  // Null where there is none: the definition runs instead, and this is no operation of a tape.
  private final FusedKernel update;
  private final FusedKernel hyper;
  private final int states;
  private final int tunable;
  private final UnaryOperator<List<Tensor>> definition;

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
    this.update = update;
    this.hyper = hyper;
    this.states = states;
    this.tunable = tunable;
    this.definition = definition;
  }

  private UpdateOp(UnaryOperator<List<Tensor>> definition) {
    this.update = null;
    this.hyper = null;
    this.states = 0;
    this.tunable = 0;
    this.definition = definition;
  }

  /**
   * An update without fused kernels: its definition runs on every backend.
   *
   * @param definition the update in tensor operations, from {@code [p, g, state…,
   *     hyperparameters…]} to {@code [p', state'…]}
   * @return the update
   */
  public static UpdateOp defined(UnaryOperator<List<Tensor>> definition) {
    return new UpdateOp(Nulls.check(definition, "update: definition"));
  }

  /**
   * The kernel that backends may have for it.
   *
   * @return the fused update; empty if there is only a definition
   */
  public Optional<FusedKernel> kernel() {
    return Optional.ofNullable(update);
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
    Session session = inputs.get(0).session();
    return update != null && session.fuses(update)
        ? session.apply(this, List.copyOf(inputs))
        : definition.apply(inputs);
  }

  @Override
  String name() {
    return "update(" + update + ")";
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    if (inputs.size() != 2 + states + update.hyperparameters()) {
      throw new IllegalArgumentException(
          name()
              + ": "
              + inputs.size()
              + " inputs; p, g, "
              + states
              + " states and "
              + update.hyperparameters()
              + " hyperparameters are needed");
    }
    int[] shape = inputs.get(0).dims();
    View[] in = new View[inputs.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = inputs.get(i).denseView();
      if (i < 2 + states && !Arrays.equals(shape, in[i].shape())) {
        throw new IllegalArgumentException(
            name()
                + ": operand "
                + i
                + " has shape "
                + Shapes.text(in[i].shape())
                + ", the parameter "
                + Shapes.text(shape)
                + "; they must be equal");
      }
    }
    List<Tensor> outputs = new ArrayList<>(1 + states);
    View[] out = new View[1 + states];
    for (int i = 0; i < out.length; i++) {
      Tensor tensor = session.allocate(shape);
      outputs.add(tensor);
      out[i] = tensor.view();
    }
    session.fuse(update, in, out);
    return List.copyOf(outputs);
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    Session session = node.output().session();
    return hasKernel(session, cotangents, needed)
        ? fromKernel(session, node, cotangents[0], needed)
        : Definition.vjp(definition, node, cotangents, needed);
  }

  /** The kernel knows p' → hyperparameters, to first order; nothing else. */
  private boolean hasKernel(Session session, Tensor[] cotangents, boolean[] needed) {
    if (session.isRecording() || !session.fuses(hyper)) {
      return false;
    }
    for (int i = 1; i < cotangents.length; i++) {
      if (cotangents[i] != null) {
        return false;
      }
    }
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && (i < 2 + states || i >= 2 + states + tunable)) {
        return false;
      }
    }
    return true;
  }

  private Tensor[] fromKernel(Session session, Node node, Tensor cotangent, boolean[] needed) {
    View[] in = new View[node.inputs().size()];
    in[0] = cotangent.denseView();
    for (int i = 1; i < in.length; i++) {
      in[i] = node.input(i).denseView();
    }
    Tensor[] result = new Tensor[needed.length];
    View[] out = new View[tunable];
    for (int k = 0; k < tunable; k++) {
      Tensor scalar = session.allocate();
      out[k] = scalar.view();
      result[2 + states + k] = needed[2 + states + k] ? scalar : null;
    }
    session.fuse(hyper, in, out);
    return result;
  }
}
