package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A backend that takes down what it is asked for, in place of another one, whose kernels it claims
 * to have. Storage that it allocates is a {@link Symbol}. Work between what the other one allocated
 * is done there at once: it is for what outlives the computation, such as a session's constants.
 *
 * <p>The first numbers that come from the host are the computation's input, which are not looked
 * at; the first that the host asks for are its output, which it does not get.
 */
class Outline extends OutlinedLayers {

  private final Backend real;
  private final List<Step> steps = new ArrayList<>();
  private Optional<Symbol> input = Optional.empty();
  private Optional<View> output = Optional.empty();

  /** In place of a backend. */
  Outline(Backend real) {
    super(real);
    this.real = real;
  }

  /** What was asked for, in order. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Whether the host has asked for an output that is computed. */
  boolean isComplete() {
    return output.isPresent();
  }

  /** Where the input lies. */
  Symbol input() {
    return input.orElseThrow();
  }

  /** The output, contiguous. */
  View output() {
    return output.orElseThrow();
  }

  @Override
  void add(Step step) {
    boolean isReal = areReal(step.reads()) && areReal(step.writes());
    if (isReal) {
      step.run(real);
      return;
    }
    for (View written : step.writes()) {
      if (!(written.storage() instanceof Symbol)) {
        throw new IllegalStateException(
            "what is computed changes something that outlives it, such as a state that is carried"
                + " from call to call: calls at the same time cannot share that");
      }
    }
    steps.add(step);
  }

  private static boolean areReal(View... views) {
    for (View view : views) {
      if (view.storage() instanceof Symbol) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String description() {
    return real.description();
  }

  @Override
  public List<String> fallbacks() {
    return real.fallbacks();
  }

  @Override
  public void onShortage(Runnable relief) {
    real.onShortage(relief);
  }

  @Override
  public DType dtype() {
    return real.dtype();
  }

  @Override
  public Storage allocate(DType type, int size) {
    return new Symbol(type, size);
  }

  @Override
  public Storage fixed(Storage storage) {
    // A symbol has no other form.
    return storage;
  }

  @Override
  public void free(Storage buffer) {
    // A symbol holds nothing.
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    if (input.isEmpty() && target instanceof Symbol symbol) {
      input = Optional.of(symbol);
      return;
    }
    MemorySegment kept = MemorySegment.ofArray(new double[(int) ((source.byteSize() + 7) / 8)]);
    MemorySegment copy = kept.asSlice(0, source.byteSize());
    copy.copyFrom(source);
    View whole = View.contiguous(target, target.size());
    add(step((on, in, out) -> on.write(copy, out[0].storage()), reads(), whole));
  }

  @Override
  public void read(View source, MemorySegment target) {
    if (areReal(source)) {
      real.read(source, target);
    } else {
      isAskedFor(source);
    }
  }

  private void isAskedFor(View source) {
    if (output.isPresent()) {
      throw new IllegalStateException(
          "what is computed depends on numbers that the host looks at on the way (item, toFloats):"
              + " it has to be the same operations for every input");
    }
    output = Optional.of(source);
  }

  @Override
  public void fill(double value, View out) {
    add(step((on, r, w) -> on.fill(value, w[0]), reads(), out));
  }

  @Override
  public void copy(View in, View out) {
    add(step((on, r, w) -> on.copy(r[0], w[0]), reads(in), out));
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    Step.Kind kind = op == UnaryOp.RELU ? Step.Kind.RELU : Step.Kind.OTHER;
    Step.Call call = (on, r, w) -> on.unary(op, r[0], w[0]);
    add(new Step(call, reads(in), new View[] {out}, kind));
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    Step.Kind kind =
        switch (op) {
          case MUL -> Step.Kind.PRODUCT;
          case ADD -> Step.Kind.SUM;
          default -> Step.Kind.OTHER;
        };
    Step.Call call = (on, r, w) -> on.binary(op, r[0], r[1], w[0]);
    add(new Step(call, reads(a, b), new View[] {out}, kind));
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    add(step((on, r, w) -> on.reduce(op, r[0], w[0]), reads(in), out));
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    View[] in = beta == 0 ? reads(a, b) : reads(a, b, c);
    add(step((on, r, w) -> on.gemm(r[0], r[1], beta, w[0]), in, c));
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return real.fuses(kernel);
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    add(step((on, r, w) -> on.fused(kernel, r, w), in, out));
  }

  @Override
  public boolean fusesAffine() {
    return real.fusesAffine();
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    Step.Call call = (on, r, to) -> on.affine(r[0], r[1], r[2], epilogue, to[0]);
    add(new Step(call, reads(x, w, bias), new View[] {out}, Step.Kind.DENSE));
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    add(
        step(
            (on, r, w) -> on.affineGrad(epilogue, r[0], r[1], w[0], w[1]),
            reads(cotangent, output),
            sums,
            bias));
  }

  @Override
  public boolean fusesScaling() {
    return real.fusesScaling();
  }

  @Override
  public void scaled(View[] in, Epilogue epilogue, View out) {
    add(step((on, r, w) -> on.scaled(r, epilogue, w[0]), in, out));
  }

  @Override
  public void trim() {
    real.trim();
  }

  @Override
  public void synchronize() {
    // Nothing is under way.
  }

  @Override
  public void close() {
    // The other one is its session's to close.
  }
}
