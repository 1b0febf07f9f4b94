package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Every kind of layer once, forward and backward, on fixed operands of a backend. */
final class LayerWork {

  private static final Convolution PADDED = Convolution.of(2, 1);
  private static final Convolution DILATED = new Convolution(1, 1, 2, 2, 2, 2, 2);
  private static final Pooling WINDOWS = new Pooling(3, 2, 2, 1, 1, 0);

  private final Backend backend;
  private final Random random = new Random(11);
  private final List<View> results = new ArrayList<>();
  private final View x;
  private final List<Runnable> steps = new ArrayList<>();
  final View counter;
  final View mask;

  LayerWork(Backend backend) {
    this.backend = backend;
    x = values(2, 4, 6, 5);
    convolutions();
    poolings();
    View y = result(2, 4, 6, 5);
    View mean = result(4);
    View invStd = result(4);
    View gamma = values(4);
    View beta = values(4);
    View dy = values(2, 4, 6, 5);
    View dx = result(2, 4, 6, 5);
    View dGamma = result(4);
    View dBeta = result(4);
    steps.add(() -> backend.batchNorm(1e-5, x, gamma, beta, y, mean, invStd));
    steps.add(() -> backend.batchNormGrad(dy, x, gamma, mean, invStd, dx, dGamma, dBeta));
    View index = integers(3, 1, 0, 3, 3);
    View table = values(4, 7);
    View rows = result(5, 7);
    View sums = result(4, 7);
    steps.add(() -> backend.gatherRows(table, index, rows));
    steps.add(() -> backend.scatterRows(rows, index, sums));
    for (Recurrence.Cell cell : Recurrence.Cell.values()) {
      recurrence(new Recurrence(cell, 2, 3, 2, 4, 5));
    }
    counter = integers(41);
    mask = view(DType.F32, 1000);
    steps.add(() -> backend.dropoutMask(0.75, 9, counter, mask));
  }

  private void convolutions() {
    View filters = values(6, 4, 3, 3);
    View grouped = values(6, 2, 3, 3);
    View y = result(2, 6, 3, 3);
    View dy = values(2, 6, 3, 3);
    View dx = result(2, 4, 6, 5);
    View dw = result(6, 4, 3, 3);
    steps.add(() -> backend.convolution(ConvolutionPass.FORWARD, PADDED, x, filters, y));
    steps.add(() -> backend.convolution(ConvolutionPass.DATA, PADDED, dy, filters, dx));
    steps.add(() -> backend.convolution(ConvolutionPass.FILTER, PADDED, x, dy, dw));
    // Of these the double has no algorithm for the filters that is the same each time.
    View wide = result(2, 6, 6, 5);
    View dWide = values(2, 6, 6, 5);
    View dGrouped = result(6, 2, 3, 3);
    steps.add(() -> backend.convolution(ConvolutionPass.FORWARD, DILATED, x, grouped, wide));
    steps.add(() -> backend.convolution(ConvolutionPass.FILTER, DILATED, x, dWide, dGrouped));
  }

  private void poolings() {
    View y = result(2, 4, 3, 4);
    View where = view(DType.I32, 2, 4, 3, 4);
    View back = result(2, 4, 6, 5);
    View again = result(2, 4, 3, 4);
    View means = result(2, 4, 3, 4);
    View shares = result(2, 4, 6, 5);
    steps.add(() -> backend.maxPool(WINDOWS, x, y, where));
    steps.add(() -> backend.maxPoolScatter(WINDOWS, y, where, back));
    steps.add(() -> backend.maxPoolGather(WINDOWS, back, where, again));
    steps.add(() -> backend.averagePool(WINDOWS, x, means));
    steps.add(() -> backend.averagePoolAdjoint(WINDOWS, means, shares));
  }

  private void recurrence(Recurrence form) {
    int states = form.cell().hasCellState() ? 2 : 1;
    int gates = form.cell().gates() * form.hidden();
    List<View> in = new ArrayList<>(List.of(values(form.steps(), form.batch(), form.inputs())));
    List<View> out = new ArrayList<>(List.of(result(form.steps(), form.batch(), form.hidden())));
    List<View> cotangents =
        new ArrayList<>(List.of(values(form.steps(), form.batch(), form.hidden())));
    for (int s = 0; s < states; s++) {
      in.add(values(form.layers(), form.batch(), form.hidden()));
      out.add(result(form.layers(), form.batch(), form.hidden()));
      cotangents.add(values(form.layers(), form.batch(), form.hidden()));
    }
    for (int layer = 0; layer < form.layers(); layer++) {
      in.add(values(gates, form.inputsOf(layer)));
      in.add(values(gates, form.hidden()));
      in.add(values(gates));
      in.add(values(gates));
    }
    out.add(view(DType.F32, backend.recurrentReserve(form)));
    cotangents.addAll(in);
    cotangents.add(out.get(0));
    cotangents.add(out.get(1 + states));
    View[] gradients = in.stream().map(v -> result(v.shape())).toArray(View[]::new);
    View[] read = in.toArray(View[]::new);
    View[] written = out.toArray(View[]::new);
    View[] given = cotangents.toArray(View[]::new);
    steps.add(() -> backend.recurrent(form, read, written));
    steps.add(() -> backend.recurrentGrad(form, given, gradients));
  }

  private View view(DType type, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return View.contiguous(backend.allocate(type, size), shape);
  }

  private View values(int... shape) {
    View view = view(DType.F32, shape);
    float[] values = new float[view.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    backend.write(MemorySegment.ofArray(values), view.storage());
    return view;
  }

  private View integers(int... values) {
    Storage buffer = backend.allocate(DType.I32, values.length);
    backend.write(MemorySegment.ofArray(values), buffer);
    return View.contiguous(buffer, values.length);
  }

  private View result(int... shape) {
    View view = view(DType.F32, shape);
    results.add(view);
    return view;
  }

  /** Puts all of the work on the backend's stream. */
  void run() {
    steps.forEach(Runnable::run);
  }

  /** Makes all results NaN. */
  void forget() {
    results.forEach(view -> backend.fill(Double.NaN, view));
  }

  /** What the results are, but for the mask. */
  List<float[]> results() {
    return results.stream().map(this::read).toList();
  }

  float[] read(View view) {
    float[] values = new float[view.size()];
    backend.read(view, MemorySegment.ofArray(values));
    return values;
  }

  int drawn() {
    int[] value = new int[1];
    backend.read(counter, MemorySegment.ofArray(value));
    return value[0];
  }
}
