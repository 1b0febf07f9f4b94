package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scope that records the operations on its leaves, so that gradients can be taken: reverse-mode
 * automatic differentiation. Only what depends on a leaf is recorded.
 */
public final class Tape extends Scope {

  private final List<Node> nodes = new ArrayList<>();
  private int tensors;
  private int keptNodes;
  private int keptTensors;
  private final Map<Parameter, Tensor> leaves = new HashMap<>();

  Tape(Session session) {
    super(session);
  }

  /**
   * Makes a leaf.
   *
   * @param tensor a value
   * @return the same value, with respect to which gradients can be taken on this tape
   */
  public Tensor watch(Tensor tensor) {
    Nulls.check(tensor, "watch: tensor");
    session().checkThread();
    tensor.checkUsable("watch");
    if (isClosed()) {
      throw new IllegalStateException("watch: this tape is closed");
    }
    return adopt(tensor.detach());
  }

  /**
   * Makes parameters leaves: while this tape is the current scope, a model of these parameters is
   * recorded, and {@link #gradient(Tensor, Collection)} differentiates by them. A parameter that is
   * watched already keeps its leaf.
   *
   * @param parameters the parameters, as a model's {@code parameters()} gives them
   * @return their leaves, which {@link Parameter#value} gives on this tape
   */
  public ParameterMap watch(Collection<Parameter> parameters) {
    Nulls.check(parameters, "watch: parameters");
    for (Parameter parameter : parameters) {
      Nulls.check(parameter, "watch: an element of parameters");
      if (parameter.session() != session()) {
        throw new IllegalArgumentException(
            "watch: parameter " + parameter + " belongs to another session than this tape");
      }
    }
    return ParameterMap.of(
        parameters, p -> leaves.computeIfAbsent(p, fresh -> watch(fresh.tracked())));
  }

  /** A parameter's leaf; null if it is not watched. */
  @Nullable Tensor leaf(Parameter parameter) {
    return leaves.get(parameter);
  }

  private Tensor adopt(Tensor tensor) {
    tensor.track(this, tensors++);
    return tensor;
  }

  void record(Op op, List<Tensor> inputs, List<Tensor> outputs) {
    outputs.forEach(this::adopt);
    nodes.add(new Node(op, inputs, outputs));
  }

  /** Number of operations recorded so far. */
  int length() {
    return nodes.size();
  }

  /** Forgets what was recorded, and keeps the values. */
  void forget() {
    nodes.clear();
    keptNodes = 0;
  }

  /** Makes what is recorded so far what {@link #rewind} goes back to. */
  void keep() {
    keptNodes = nodes.size();
    keptTensors = tensors;
  }

  /** Forgets what was recorded after {@link #keep}: the tape can then go on from there again. */
  void rewind() {
    nodes.subList(keptNodes, nodes.size()).clear();
    tensors = keptTensors;
  }

  /**
   * First-order gradients of a scalar, by parameter.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param parameters parameters that this tape watches
   * @return for each parameter ∂loss/∂parameter, of its shape; zeros where loss does not depend on
   *     it
   * @throws IllegalArgumentException if loss has not exactly one element, or a parameter is not
   *     watched by this tape
   */
  public ParameterMap gradient(Tensor loss, Collection<Parameter> parameters) {
    return gradient(loss, parameters, GradientMode.FIRST_ORDER);
  }

  /**
   * Gradients of a scalar, by parameter.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param parameters parameters that this tape watches
   * @param mode whether the gradients themselves shall be differentiable
   * @return for each parameter ∂loss/∂parameter, of its shape; zeros where loss does not depend on
   *     it
   * @throws IllegalArgumentException if loss has not exactly one element, or a parameter is not
   *     watched by this tape
   */
  public ParameterMap gradient(Tensor loss, Collection<Parameter> parameters, GradientMode mode) {
    Nulls.check(parameters, "gradient: parameters");
    return gradient(loss, ParameterMap.of(parameters, this::target), mode);
  }

  private Tensor target(Parameter parameter) {
    Tensor leaf = leaf(parameter);
    Tensor target = leaf == null ? parameter.tracked() : leaf;
    if (target.tape() != this) {
      throw new IllegalArgumentException(
          "gradient: parameter "
              + parameter
              + " is not watched by this tape; call watch(model.parameters()) before the model's"
              + " forward pass");
    }
    return target;
  }

  /**
   * First-order gradients of a scalar by values that stood for parameters' ones, such as those
   * after an inner step.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param values leaves or intermediate values of this tape
   * @return for each parameter ∂loss/∂value, of its shape; zeros where loss does not depend on it
   * @throws IllegalArgumentException if loss has not exactly one element, or a value is not tracked
   *     by this tape
   */
  public ParameterMap gradient(Tensor loss, ParameterMap values) {
    return gradient(loss, values, GradientMode.FIRST_ORDER);
  }

  /**
   * Gradients of a scalar by values that stood for parameters' ones, such as those after an inner
   * step.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param values leaves or intermediate values of this tape
   * @param mode whether the gradients themselves shall be differentiable
   * @return for each parameter ∂loss/∂value, of its shape; zeros where loss does not depend on it
   * @throws IllegalArgumentException if loss has not exactly one element, or a value is not tracked
   *     by this tape
   */
  public ParameterMap gradient(Tensor loss, ParameterMap values, GradientMode mode) {
    Nulls.check(loss, "gradient: loss");
    Nulls.check(values, "gradient: values");
    Nulls.check(mode, "gradient: mode");
    Iterator<Tensor> gradients = gradient(loss, values.tensors(), mode).iterator();
    return ParameterMap.of(values.parameters(), unused -> gradients.next());
  }

  /**
   * First-order gradients of a scalar.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param targets leaves or intermediate values of this tape
   * @return for each target ∂loss/∂target, of the target's shape; zeros where loss does not depend
   *     on it
   */
  public List<Tensor> gradient(Tensor loss, List<Tensor> targets) {
    return gradient(loss, targets, GradientMode.FIRST_ORDER);
  }

  /**
   * Gradients of a scalar.
   *
   * @param loss a tensor of one element, computed on this tape
   * @param targets leaves or intermediate values of this tape
   * @param mode whether the gradients themselves shall be differentiable
   * @return for each target ∂loss/∂target, of the target's shape; zeros where loss does not depend
   *     on it
   * @throws IllegalArgumentException if loss has not exactly one element, or a target is not
   *     tracked by this tape
   */
  public List<Tensor> gradient(Tensor loss, List<Tensor> targets, GradientMode mode) {
    Nulls.check(loss, "gradient: loss");
    Nulls.checkAll(targets, "gradient: targets");
    Nulls.check(mode, "gradient: mode");
    session().scopes().checkCurrent(this);
    loss.checkUsable("gradient");
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "gradient: loss has shape "
              + Shapes.text(loss.dims())
              + "; one element is needed, as from sum() or mean()");
    }
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).tape() != this) {
        throw new IllegalArgumentException(
            "gradient: target "
                + i
                + " of shape "
                + Shapes.text(targets.get(i).dims())
                + " is not tracked by this tape; watch() it before use");
      }
    }
    Tensor[] found =
        loss.tape() == this
            ? sweep(
                List.of(loss),
                new Tensor[] {session().constant(1).broadcastTo(loss.dims())},
                targets,
                0,
                mode)
            : new Tensor[targets.size()];
    return zerosWhereNull(found, targets);
  }

  private List<Tensor> zerosWhereNull(Tensor[] found, List<Tensor> targets) {
    List<Tensor> result = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      result.add(
          found[i] != null
              ? found[i]
              : session().constant(0).broadcastTo(targets.get(i).dims()).detach());
    }
    return result;
  }

  /** First-order cotangents of targets, from those of values of this tape, the current scope. */
  List<Tensor> pullBack(List<Tensor> values, List<Tensor> cotangents, List<Tensor> targets) {
    Tensor[] seeds = cotangents.toArray(Tensor[]::new);
    return zerosWhereNull(sweep(values, seeds, targets, 0, GradientMode.FIRST_ORDER), targets);
  }

  /**
   * Walks the nodes from the newest down to number {@code from}; null where a target gets nothing.
   */
  Tensor[] sweep(
      List<Tensor> outputs, Tensor[] seeds, List<Tensor> targets, int from, GradientMode mode) {
    int to = nodes.size();
    boolean[] reached = reachedFrom(targets, from, to);
    Tensor[] cotangents = new Tensor[tensors];
    boolean recording = session().setRecording(mode == GradientMode.DIFFERENTIABLE);
    try {
      for (int i = 0; i < seeds.length; i++) {
        if (seeds[i] != null && outputs.get(i).tape() == this) {
          accumulate(cotangents, outputs.get(i).id(), seeds[i]);
        }
      }
      for (int n = to - 1; n >= from; n--) {
        propagate(nodes.get(n), cotangents, reached);
      }
    } finally {
      session().setRecording(recording);
    }
    Tensor[] result = new Tensor[targets.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = cotangents[targets.get(i).id()];
    }
    return result;
  }

  private boolean[] reachedFrom(List<Tensor> targets, int from, int to) {
    boolean[] reached = new boolean[tensors];
    for (Tensor target : targets) {
      reached[target.id()] = true;
    }
    for (int n = from; n < to; n++) {
      Node node = nodes.get(n);
      boolean any = false;
      for (Tensor input : node.inputs()) {
        any |= input.tape() == this && reached[input.id()];
      }
      if (any) {
        for (Tensor output : node.outputs()) {
          reached[output.id()] = true;
        }
      }
    }
    return reached;
  }

  private void propagate(Node node, Tensor[] cotangents, boolean[] reached) {
    List<Tensor> outputs = node.outputs();
    Tensor[] arriving = new Tensor[outputs.size()];
    boolean any = false;
    for (int i = 0; i < arriving.length; i++) {
      arriving[i] = cotangents[outputs.get(i).id()];
      any |= arriving[i] != null;
    }
    if (!any) {
      return;
    }
    List<Tensor> inputs = node.inputs();
    boolean[] needed = new boolean[inputs.size()];
    boolean anyNeeded = false;
    for (int i = 0; i < needed.length; i++) {
      Tensor input = inputs.get(i);
      needed[i] = input.tape() == this && reached[input.id()];
      anyNeeded |= needed[i];
    }
    if (!anyNeeded) {
      return;
    }
    Tensor[] leaving = node.op().vjp(node, arriving, needed);
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && leaving[i] != null) {
        checkShape(node, inputs.get(i), leaving[i]);
        accumulate(cotangents, inputs.get(i).id(), leaving[i]);
      }
    }
  }

  private static void checkShape(Node node, Tensor input, Tensor cotangent) {
    if (!Arrays.equals(input.dims(), cotangent.dims())) {
      throw new IllegalStateException(
          node.op().name()
              + ": its derivative gave shape "
              + Shapes.text(cotangent.dims())
              + " for an input of shape "
              + Shapes.text(input.dims()));
    }
  }

  private static void accumulate(Tensor[] cotangents, int id, Tensor more) {
    cotangents[id] = cotangents[id] == null ? more : cotangents[id].add(more);
  }

  @Override
  public void close() {
    super.close();
    nodes.clear();
    leaves.clear();
  }
}
