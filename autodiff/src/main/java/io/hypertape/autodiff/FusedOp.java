package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An operation with a definition in ordinary operations, and kernels that make it fast where a
 * backend has them. The {@link Kernel} gives the values; the {@link GradientKernel} first
 * derivatives, those that it says it gives; the definition all else: values on a backend without
 * the kernel, derivatives of higher order, and those that no kernel gives. Either kernel may be
 * absent. With a gradient kernel and no other the definition gives the values, and counts as one
 * operation.
 *
 * <pre>{@code
 * static final FusedOp SWISH =
 *     FusedOp.of("swish", in -> List.of(in.get(0).mul(in.get(0).sigmoid())))
 *         .withKernel(new SwishKernel())
 *         .withGradient(new SwishGradient());
 *
 * Tensor y = SWISH.apply(x);
 * }</pre>
 *
 * <p>One may serve all sessions and threads, if its parts do.
 */
public final class FusedOp extends Op {

  /** What gives an operation's values in one go. */
  public interface Kernel {

    /**
     * Whether it can run.
     *
     * @param backend a session's backend
     * @return false if the definition has to run instead
     */
    boolean runsOn(Backend backend);

    /**
     * Checks what the operation reads, on every backend, and tells what it gives.
     *
     * @param inputs the inputs' shapes
     * @return the results' shapes, as the definition gives them too; at least one
     * @throws IllegalArgumentException if the inputs do not fit, saying what would
     */
    List<int[]> outputs(List<int[]> inputs);

    /**
     * What it writes for the gradient kernel alone: outputs behind the results, which nobody else
     * sees.
     *
     * @param backend where it is going to run
     * @param inputs the inputs' shapes
     * @return their shapes; none, unless an implementation says otherwise
     */
    default List<int[]> kept(Backend backend, List<int[]> inputs) {
      Nulls.check(backend, "kept: backend");
      Nulls.checkAll(inputs, "kept: inputs");
      return List.of();
    }

    /**
     * Whether an input may be strided or broadcast.
     *
     * @param input its place
     * @return false, unless an implementation says otherwise, for a dense view or a copy
     */
    default boolean readsStrides(int input) {
      return false;
    }

    /**
     * Whether an input consists of integers. It has no gradient.
     *
     * @param input its place
     * @return false unless an implementation says otherwise
     */
    default boolean readsIntegers(int input) {
      return false;
    }

    /**
     * Runs it. Everything goes through the backend, so that it can be recorded; nothing is read by
     * the host.
     *
     * @param backend the session's, on which it {@link #runsOn}
     * @param in the inputs
     * @param out the results and what is kept; dense, their contents undefined
     */
    void run(Backend backend, View[] in, View[] out);
  }

  /** What gives an operation's first derivatives, or some of them. */
  public interface GradientKernel {

    /**
     * Whether it can run.
     *
     * @param backend a session's backend, on which the operation's {@link Kernel}, if it has one,
     *     runs
     * @return false if the definition is differentiated instead
     */
    boolean runsOn(Backend backend);

    /**
     * Whether it gives what is asked for.
     *
     * @param given which results have a cotangent; that of others is zero
     * @param needed which inputs' cotangents are wanted
     * @return false if the definition is differentiated instead; true unless an implementation says
     *     otherwise
     */
    default boolean serves(boolean[] given, boolean[] needed) {
      Nulls.check(given, "serves: given");
      Nulls.check(needed, "serves: needed");
      return true;
    }

    /**
     * Writes the cotangents of the inputs that are needed, and may write others.
     *
     * @param call what it reads and where it writes
     */
    void run(GradientCall call);
  }

  /** A derivative in tensor operations, where that is cheaper than the definition's. */
  interface Rule {
    /** See {@link Op#vjp}. */
    Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed);
  }

  private final String name;
  private final UnaryOperator<List<Tensor>> definition;
  private final @Nullable Kernel kernel;
  private final @Nullable GradientKernel gradient;
  private final @Nullable Rule rule;

  private FusedOp(
      String name,
      UnaryOperator<List<Tensor>> definition,
      @Nullable Kernel kernel,
      @Nullable GradientKernel gradient,
      @Nullable Rule rule) {
    this.name = name;
    this.definition = definition;
    this.kernel = kernel;
    this.gradient = gradient;
    this.rule = rule;
  }

  /**
   * An operation without kernels so far.
   *
   * @param name what errors call it
   * @param definition from the inputs to the results, in tensor operations that depend on nothing
   *     else
   * @return the operation
   */
  public static FusedOp of(String name, UnaryOperator<List<Tensor>> definition) {
    Nulls.check(name, "fused op: name");
    Nulls.check(definition, "fused op: definition");
    return new FusedOp(name, definition, null, null, null);
  }

  /**
   * An optimizer's update of one parameter, which backends may have a kernel for: inputs are {@code
   * [p, g, state…, hyperparameters…]}, results {@code [p', state'…]}. Its gradient kernel serves
   * where only p' has a cotangent and only the first {@link FusedKernel#derivatives}
   * hyperparameters want one.
   *
   * @param update the fused update
   * @param definition the same in tensor operations
   * @return the operation
   */
  public static FusedOp update(FusedKernel update, UnaryOperator<List<Tensor>> definition) {
    Nulls.check(update, "update: update");
    UpdateKernel kernel = new UpdateKernel(update);
    return of(kernel.name(), Nulls.check(definition, "update: definition"))
        .withKernel(kernel)
        .withGradient(new UpdateKernel.Gradient(update));
  }

  /**
   * With a kernel for the values.
   *
   * @param newKernel the kernel
   * @return the changed operation
   */
  public FusedOp withKernel(Kernel newKernel) {
    Nulls.check(newKernel, "withKernel: newKernel");
    return new FusedOp(name, definition, newKernel, gradient, rule);
  }

  /**
   * With a kernel for first derivatives.
   *
   * @param newGradient the kernel
   * @return the changed operation
   */
  public FusedOp withGradient(GradientKernel newGradient) {
    Nulls.check(newGradient, "withGradient: newGradient");
    return new FusedOp(name, definition, kernel, newGradient, rule);
  }

  /** With a derivative in place of the definition's. */
  FusedOp withRule(Rule newRule) {
    return new FusedOp(name, definition, kernel, gradient, newRule);
  }

  /**
   * What errors call it.
   *
   * @return the name
   */
  @Override
  public String name() {
    return name;
  }

  /**
   * Whether kernels run, and not only the definition.
   *
   * @param backend a session's backend
   * @return true if it is one operation there
   */
  public boolean isFusedOn(Backend backend) {
    Nulls.check(backend, "isFusedOn: backend");
    return kernel != null ? kernel.runsOn(backend) : gradient != null && gradient.runsOn(backend);
  }

  /**
   * Runs it.
   *
   * @param inputs at least one
   * @return the results
   * @throws IllegalArgumentException if the inputs do not fit
   */
  public List<Tensor> apply(List<Tensor> inputs) {
    Nulls.checkAll(inputs, name + ": inputs");
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(name + ": no inputs; at least one is needed");
    }
    Session session = inputs.get(0).session();
    if (!isFusedOn(session.backend())) {
      return defined(inputs);
    }
    if (kernel == null) {
      return session.apply(this, List.copyOf(inputs));
    }
    FusedCall call = new FusedCall(this, kernel);
    return call.results(session.apply(call, List.copyOf(inputs)));
  }

  /**
   * Runs it, if it has one result.
   *
   * @param inputs at least one
   * @return the result
   * @throws IllegalArgumentException if the inputs do not fit
   * @throws IllegalStateException if it has several results
   */
  public Tensor apply(Tensor... inputs) {
    List<Tensor> results = apply(Nulls.copy(inputs, name + ": inputs"));
    if (results.size() != 1) {
      throw new IllegalStateException(
          name + ": it has " + results.size() + " results; apply(List.of(…)) gives them all");
    }
    return results.get(0);
  }

  static List<int[]> shapes(List<Tensor> tensors) {
    List<int[]> shapes = new ArrayList<>(tensors.size());
    for (Tensor tensor : tensors) {
      shapes.add(tensor.dims());
    }
    return shapes;
  }

  /** The results' shapes as the kernel has them. */
  List<int[]> outputs(List<Tensor> inputs) {
    List<int[]> outputs =
        Nulls.checkAll(kernel.outputs(shapes(inputs)), name + ": kernel.outputs(inputs)");
    if (outputs.isEmpty()) {
      throw new IllegalStateException(name + ": its kernel names no results; one is needed");
    }
    return outputs;
  }

  private List<Tensor> byDefinition(List<Tensor> inputs) {
    return Nulls.checkAll(definition.apply(inputs), name + ": definition.apply(inputs)");
  }

  private List<Tensor> defined(List<Tensor> inputs) {
    if (kernel == null) {
      return byDefinition(inputs);
    }
    String expected = Shapes.text(outputs(inputs));
    List<Tensor> results = byDefinition(inputs);
    String given = Shapes.text(shapes(results));
    if (!given.equals(expected)) {
      throw new IllegalStateException(
          name
              + ": its definition gives "
              + given
              + ", its kernel "
              + expected
              + "; they must agree");
    }
    return results;
  }

  /** Without a kernel: by the definition, whose operations the tape does not see. */
  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    boolean recording = session.setRecording(false);
    try {
      // New tensors, also of inputs that are handed through.
      return defined(inputs).stream().map(Tensor::detach).toList();
    } finally {
      session.setRecording(recording);
    }
  }

  /** There are no other types than the session's and integers. */
  static boolean isInteger(Tensor tensor) {
    return tensor.dtype() != tensor.session().dtype();
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    Session session = node.output().session();
    if (!session.isRecording() && serves(session.backend(), cotangents, needed)) {
      NodeGradientCall call = new NodeGradientCall(name, node, cotangents, needed);
      gradient.run(call);
      return call.gradients();
    }
    return rule != null
        ? rule.vjp(node, cotangents, needed)
        : Definition.vjp(definition, node, cotangents, needed);
  }

  private boolean serves(Backend backend, Tensor[] cotangents, boolean[] needed) {
    if (gradient == null || !gradient.runsOn(backend)) {
      return false;
    }
    boolean[] given = new boolean[cotangents.length];
    for (int i = 0; i < given.length; i++) {
      given[i] = cotangents[i] != null;
    }
    return gradient.serves(given, needed.clone());
  }
}
