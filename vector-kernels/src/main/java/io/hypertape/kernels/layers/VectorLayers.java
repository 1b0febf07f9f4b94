package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;

/** Kernels of layers on the Vector API. */
public final class VectorLayers extends ScalarLayers {

  /**
   * Makes the kernels.
   *
   * @param workers who share large calls
   */
  public VectorLayers(Workers workers) {
    super(workers, new IndexedRows(VectorLayers::addRow, VectorTotals::add), VectorRows.S.length());
  }

  private static void addRow(int n, float[] x, int xOff, float[] sums, int off) {
    VectorBinary.row(BinaryOp.ADD, n, sums, off, x, xOff, sums, off);
  }

  @Override
  Span max(PoolingShape s, Floats x, Floats y, Ints index) {
    return VectorPooling.fits(s)
        ? (part, from, to) -> VectorPooling.max(s, from, to, x, y, index)
        : super.max(s, x, y, index);
  }

  @Override
  Span average(PoolingShape s, Floats in, Floats out) {
    if (s.isGlobal()) {
      return (part, from, to) -> VectorPooling.globalAverage(s, from, to, in, out);
    }
    return VectorPooling.fits(s)
        ? (part, from, to) -> VectorPooling.average(s, from, to, in, out)
        : super.average(s, in, out);
  }

  @Override
  Span averageAdjoint(PoolingShape s, Floats in, Floats out) {
    return s.strideWidth() == 1 && !s.isGlobal()
        ? (part, from, to) -> ScalarPooling.averageAdjoint(s, true, from, to, in, out)
        : super.averageAdjoint(s, in, out);
  }

  @Override
  Span mask(double keep, long seed, Ints counter, Floats out) {
    return (part, from, to) -> VectorDropout.mask(keep, seed, counter.get(0), from, to, out);
  }

  @Override
  Span lstm(Cells.Lstm o) {
    return (part, from, to) -> VectorCells.lstm(o, from, to);
  }

  @Override
  Span lstmGrad(Cells.LstmGrad o) {
    return (part, from, to) -> VectorCells.lstmGrad(o, from, to);
  }

  @Override
  Span gru(Cells.Gru o) {
    return (part, from, to) -> VectorCells.gru(o, from, to);
  }

  @Override
  Span gruGrad(Cells.GruGrad o) {
    return (part, from, to) -> VectorCells.gruGrad(o, from, to);
  }
}
