package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.Transpose;

/**
 * Products and pointwise parts of recurrent layers. Rows of gates and of their cotangents have
 * 4·hidden numbers; the last quarter of a GRU's belongs to the part of n that r multiplies, so that
 * what went through the input is the first three quarters, and what went through the state the
 * first two and the last.
 */
final class RecurrentSteps {

  private static final int QUARTERS = 4;

  private final Launcher launcher;
  private final Gemm gemm;
  private final CudaReductions reductions;
  private final CudaStream stream;

  RecurrentSteps(Launcher launcher, Gemm gemm, CudaReductions reductions, CudaStream stream) {
    this.launcher = launcher;
    this.gemm = gemm;
    this.reductions = reductions;
    this.stream = stream;
  }

  /** gates = x·Wᵢₕᵀ for all steps: [T·B, I]·[I, G·H]. */
  void project(Recurrence form, int layer, long x, LayerWeights w, long gates) {
    int inputs = form.inputsOf(layer);
    gemm.run(
        Transpose.NO,
        Transpose.YES,
        form.steps() * form.batch(),
        form.cell().gates() * form.hidden(),
        inputs,
        x,
        inputs,
        w.input(),
        inputs,
        0,
        gates,
        QUARTERS * form.hidden());
  }

  /** gates += h·Wₕₕᵀ, then the cell. */
  void lstm(
      Recurrence form, LayerWeights w, long gates, long h, long c, long nextCell, long nextHidden) {
    int hidden = form.hidden();
    stateProduct(form, h, w, 1, gates);
    int n = form.batch() * hidden;
    launcher
        .arguments()
        .pointer(gates)
        .pointer(w.inputBias())
        .pointer(w.hiddenBias())
        .pointer(c)
        .pointer(nextCell)
        .pointer(nextHidden)
        .int32(hidden)
        .int32(n);
    launcher.launch(Named.LSTM_CELL, launcher.blocksFor(n));
  }

  /** fromHidden = h·Wₕₕᵀ, then the cell. */
  void gru(Recurrence form, LayerWeights w, long gates, long fromHidden, long h, long nextHidden) {
    int hidden = form.hidden();
    stateProduct(form, h, w, 0, fromHidden);
    int n = form.batch() * hidden;
    launcher
        .arguments()
        .pointer(gates)
        .pointer(fromHidden)
        .pointer(w.inputBias())
        .pointer(w.hiddenBias())
        .pointer(h)
        .pointer(nextHidden)
        .int32(hidden)
        .int32(n);
    launcher.launch(Named.GRU_CELL, launcher.blocksFor(n));
  }

  /** out = h·Wₕₕᵀ + beta·out: [B, H]·[H, G·H]. */
  private void stateProduct(Recurrence form, long h, LayerWeights w, float beta, long out) {
    int hidden = form.hidden();
    int columns = form.cell().gates() * hidden;
    gemm.run(
        Transpose.NO,
        Transpose.YES,
        form.batch(),
        columns,
        hidden,
        h,
        hidden,
        w.hidden(),
        hidden,
        beta,
        out,
        columns);
  }

  /** The cell's derivative, then dh = dGates·Wₕₕ. */
  void lstmGradient(
      Recurrence form,
      LayerWeights w,
      long gates,
      long before,
      long c,
      long dy,
      long dh,
      long dc,
      long dGates) {
    int n = form.batch() * form.hidden();
    launcher
        .arguments()
        .pointer(gates)
        .pointer(before)
        .pointer(c)
        .pointer(dy)
        .pointer(dh)
        .pointer(dc)
        .pointer(dGates)
        .int32(form.hidden())
        .int32(n);
    launcher.launch(Named.LSTM_CELL_GRAD, launcher.blocksFor(n));
    throughState(form, dGates, w.hidden(), QUARTERS, 0, dh);
  }

  /** The cell's derivative, then dh += dGates·Wₕₕ, whose last gate has its cotangents apart. */
  void gruGradient(
      Recurrence form, LayerWeights w, long gates, long before, long dy, long dh, long dGates) {
    int n = form.batch() * form.hidden();
    launcher
        .arguments()
        .pointer(gates)
        .pointer(before)
        .pointer(dy)
        .pointer(dh)
        .pointer(dGates)
        .int32(form.hidden())
        .int32(n);
    launcher.launch(Named.GRU_CELL_GRAD, launcher.blocksFor(n));
    throughState(form, dGates, w.hidden(), 2, 1, dh);
    long gate = (long) Float.BYTES * form.hidden();
    throughState(form, dGates + 3 * gate, w.hidden() + 2 * gate * form.hidden(), 1, 1, dh);
  }

  private void throughState(Recurrence form, long dGates, long w, int gates, float beta, long dh) {
    int hidden = form.hidden();
    gemm.run(
        Transpose.NO,
        Transpose.NO,
        form.batch(),
        hidden,
        gates * hidden,
        dGates,
        QUARTERS * hidden,
        w,
        hidden,
        beta,
        dh,
        hidden);
  }

  /** dx = dGates·Wᵢₕ for all steps: [T·B, G·H]·[G·H, I]. */
  void projectGradient(Recurrence form, int layer, long dGates, LayerWeights w, long dx) {
    int inputs = form.inputsOf(layer);
    gemm.run(
        Transpose.NO,
        Transpose.NO,
        form.steps() * form.batch(),
        inputs,
        form.cell().gates() * form.hidden(),
        dGates,
        QUARTERS * form.hidden(),
        w.input(),
        inputs,
        0,
        dx,
        inputs);
  }

  /** dWᵢₕ = dGatesᵀ·x, dWₕₕ = dGatesᵀ·h over all steps, and the biases' sums of columns. */
  void weightGradients(
      Recurrence form, int layer, long dGates, long x, long h0, long y, LayerWeights d) {
    int hidden = form.hidden();
    int rows = form.steps() * form.batch();
    int gates = form.cell().gates();
    int inputs = form.inputsOf(layer);
    int step = QUARTERS * hidden;
    transposed(gates * hidden, inputs, rows, dGates, step, x, 0, d.input());
    reductions.sumColumns(dGates, step, rows, gates * hidden, d.inputBias());
    if (form.cell().hasCellState()) {
      stateGradient(form, gates, dGates, h0, y, d.hidden());
      long bytes = (long) Float.BYTES * gates * hidden;
      stream.copyOnDevice(d.inputBias(), d.hiddenBias(), bytes);
      return;
    }
    long gate = (long) Float.BYTES * hidden;
    stateGradient(form, 2, dGates, h0, y, d.hidden());
    stateGradient(form, 1, dGates + 3 * gate, h0, y, d.hidden() + 2 * gate * hidden);
    reductions.sumColumns(dGates, step, rows, 2 * hidden, d.hiddenBias());
    reductions.sumColumns(dGates + 3 * gate, step, rows, hidden, d.hiddenBias() + 2 * gate);
  }

  /** The state before the first step is h₀, that before the others the output before them. */
  private void stateGradient(Recurrence form, int gates, long dGates, long h0, long y, long dw) {
    int hidden = form.hidden();
    int step = QUARTERS * hidden;
    int later = (form.steps() - 1) * form.batch();
    transposed(gates * hidden, hidden, form.batch(), dGates, step, h0, 0, dw);
    if (later > 0) {
      long second = dGates + (long) Float.BYTES * step * form.batch();
      transposed(gates * hidden, hidden, later, second, step, y, 1, dw);
    }
  }

  /** out = aᵀ·b + beta·out with a [k, m], b [k, n] dense. */
  private void transposed(int m, int n, int k, long a, int aStep, long b, float beta, long out) {
    gemm.run(Transpose.YES, Transpose.NO, m, n, k, a, aStep, b, n, beta, out, n);
  }
}
