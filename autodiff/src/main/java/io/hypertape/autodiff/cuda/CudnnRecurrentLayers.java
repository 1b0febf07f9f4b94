package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.CudnnHandle;
import io.hypertape.bindings.cuda.CudnnRecurrence;
import io.hypertape.bindings.cuda.RecurrentPlan;
import io.hypertape.bindings.cuda.RecurrentShape;
import io.hypertape.bindings.cuda.WeightSpan;
import java.util.Optional;

/**
 * Recurrent layers by cuDNN, and by its stand-in where it does not take their form. What is kept
 * for the backward pass is cuDNN's reserve and behind it the weights as cuDNN wants them.
 */
final class CudnnRecurrentLayers implements RecurrentLayers {

  /** CUDA's own memory begins at such addresses, and so must what a library takes for memory. */
  private static final long ALIGNMENT = 256;

  private final CudnnRecurrence cudnn;
  private final GemmRecurrentLayers standIn;
  private final CudaStream stream;
  private final Scratch scratch;
  private final Recorder recorder;
  private final Fallbacks fallbacks;
  private final Copies copies;
  private final StepProgram program;

  CudnnRecurrentLayers(
      CudnnRecurrence cudnn,
      GemmRecurrentLayers standIn,
      CudaStream stream,
      Scratch scratch,
      Recorder recorder,
      Fallbacks fallbacks,
      Copies copies,
      StepProgram program) {
    this.copies = copies;
    this.program = program;
    this.cudnn = cudnn;
    this.standIn = standIn;
    this.stream = stream;
    this.scratch = scratch;
    this.recorder = recorder;
    this.fallbacks = fallbacks;
  }

  /** Depends on the form alone, so that both directions agree. */
  private Optional<RecurrentPlan> plan(Recurrence form) {
    if (form.steps() > RecurrentShape.LONGEST) {
      note(form, "cuDNN takes " + RecurrentShape.LONGEST + " steps at most");
      return Optional.empty();
    }
    RecurrentShape shape = shape(form);
    // What cuDNN loads at first for layers is no work that a graph could hold.
    if (recorder.isRecording() && !cudnn.isPlanned(shape)) {
      throw new RecordingException(
          "recurrence: a shape that is new cannot be recorded; run the same work once before"
              + " recording it");
    }
    Optional<RecurrentPlan> plan = cudnn.plan(shape);
    if (plan.isEmpty()) {
      note(form, "cuDNN does not take this form");
    }
    return plan;
  }

  private void note(Recurrence form, String why) {
    fallbacks.note(form.cell() + " layers by products of cuBLAS and own kernels", why);
  }

  private static RecurrentShape shape(Recurrence form) {
    return new RecurrentShape(
        form.cell() == Recurrence.Cell.LSTM ? RecurrentShape.Cell.LSTM : RecurrentShape.Cell.GRU,
        form.layers(),
        form.steps(),
        form.batch(),
        form.inputs(),
        form.hidden());
  }

  @Override
  public int reserve(Recurrence form) {
    // Room for the stand-in too: that cuDNN does not carry a plan out is seen too late to ask
    // again.
    int others = standIn.reserve(form);
    Optional<RecurrentPlan> plan = plan(form);
    if (plan.isEmpty()) {
      return others;
    }
    long elements = (weightsBehind(plan.orElseThrow()) + plan.orElseThrow().weightBytes()) / 4 + 1;
    // The buffer may begin anywhere.
    elements += ALIGNMENT / Float.BYTES;
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "recurrence: cuDNN keeps "
              + elements
              + " intermediates for the backward pass, and a buffer has at most 2147483647"
              + " elements; shorten the sequence or the batch");
    }
    return Math.max(others, (int) elements);
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Where the weights begin in what is kept. */
  private static long weightsBehind(RecurrentPlan plan) {
    return aligned(plan.reserveBytes());
  }

  @Override
  public void forward(Recurrence form, View[] in, View[] out) {
    Optional<RecurrentPlan> chosen = plan(form);
    if (chosen.isEmpty()) {
      standIn.forward(form, in, out);
      return;
    }
    try {
      forward(chosen.orElseThrow(), form, in, out);
    } catch (CudaException e) {
      if (!CudnnHandle.isUnsupported(e)) {
        throw e;
      }
      note(form, e.getMessage());
      cudnn.giveUp(shape(form));
      standIn.forward(form, in, out);
    }
  }

  private void forward(RecurrentPlan plan, Recurrence form, View[] in, View[] out) {
    int states = RecurrentLayers.states(form);
    boolean cells = form.cell().hasCellState();
    long reserve = aligned(CudaStorage.address(out[1 + states]));
    long weights = reserve + weightsBehind(plan);
    for (WeightSpan span : plan.weights(weights)) {
      long from = CudaStorage.address(in[1 + states + span.tensor()]) + span.from();
      copies.copyDense(from, weights + span.to(), Math.toIntExact(span.bytes() / Float.BYTES));
    }
    program.flush();
    plan.forward(
        CudaStorage.address(in[0]),
        CudaStorage.address(in[1]),
        cells ? CudaStorage.address(in[2]) : 0,
        CudaStorage.address(out[0]),
        CudaStorage.address(out[1]),
        cells ? CudaStorage.address(out[2]) : 0,
        weights,
        scratch.reserve(Scratch.Slot.WORKSPACE, plan.workspaceBytes()),
        reserve);
  }

  @Override
  public void gradient(Recurrence form, View[] in, View[] out) {
    Optional<RecurrentPlan> chosen = plan(form);
    if (chosen.isEmpty()) {
      standIn.gradient(form, in, out);
      return;
    }
    RecurrentPlan plan = chosen.orElseThrow();
    int states = RecurrentLayers.states(form);
    boolean cells = form.cell().hasCellState();
    int first = 1 + states;
    long x = CudaStorage.address(in[first]);
    long hx = CudaStorage.address(in[first + 1]);
    long y = CudaStorage.address(in[in.length - 2]);
    long kept = aligned(CudaStorage.address(in[in.length - 1]));
    long workspace = scratch.reserve(Scratch.Slot.WORKSPACE, plan.workspaceBytes());
    // cuDNN uses its reserve up, but what it is to be read from may be asked again.
    long reserve = scratch.reserve(Scratch.Slot.RESERVE, plan.reserveBytes());
    stream.copyOnDevice(kept, reserve, plan.reserveBytes());
    plan.backwardData(
        y,
        CudaStorage.address(in[0]),
        CudaStorage.address(in[1]),
        cells ? CudaStorage.address(in[2]) : 0,
        hx,
        cells ? CudaStorage.address(in[first + 2]) : 0,
        CudaStorage.address(out[0]),
        CudaStorage.address(out[1]),
        cells ? CudaStorage.address(out[2]) : 0,
        kept + weightsBehind(plan),
        workspace,
        reserve);
    long gradients = scratch.reserve(Scratch.Slot.WEIGHTS, plan.weightBytes());
    stream.fillBytes(gradients, 0, plan.weightBytes());
    plan.backwardWeights(x, hx, y, gradients, workspace, reserve);
    for (WeightSpan span : plan.weights(kept + weightsBehind(plan))) {
      long to = CudaStorage.address(out[1 + states + span.tensor()]) + span.from();
      copies.copyDense(gradients + span.to(), to, Math.toIntExact(span.bytes() / Float.BYTES));
    }
  }
}
