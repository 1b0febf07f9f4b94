package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Scalars;
import io.hypertape.kernels.lanes.Workers;

/** The scalar twin of {@link VectorLayers}, on the caller's thread. */
public final class ScalarLayers extends LayerCalls {

  /** Makes the kernels. */
  public ScalarLayers() {
    super(new Workers(1), new IndexedRows(ScalarLayers::addRows, Scalars::add));
  }

  private static void addRows(
      int firstRow, int endRow, int from, int to, Matrix in, Ints index, Matrix out) {
    float[] x = in.array();
    float[] sums = out.array();
    for (int i = firstRow; i < endRow; i++) {
      int source = in.row(i) + from;
      int target = out.row(index.get(i)) + from;
      for (int j = 0; j < to - from; j++) {
        sums[target + j] += x[source + j];
      }
    }
  }

  @Override
  Span max(PoolingShape s, Floats x, Floats y, Ints index) {
    return (part, from, to) -> ScalarPooling.max(s, from, to, x, y, index);
  }

  @Override
  Span average(PoolingShape s, Floats in, Floats out) {
    return (part, from, to) -> ScalarPooling.average(s, from, to, in, out);
  }

  @Override
  Span averageAdjoint(PoolingShape s, Floats in, Floats out) {
    return (part, from, to) -> ScalarPooling.averageAdjoint(s, from, to, in, out);
  }

  @Override
  Span normalize(BatchNorm.Forward o) {
    return (part, from, to) -> ScalarBatchNorm.forward(o, from, to);
  }

  @Override
  Span normalizeGrad(BatchNorm.Backward o) {
    return (part, from, to) -> ScalarBatchNorm.backward(o, from, to);
  }

  @Override
  Span sum(Matrix x, Floats out) {
    return (part, from, to) -> {
      for (int j = from; j < to; j++) {
        double sum = 0;
        for (int i = 0; i < x.rows(); i++) {
          sum += x.array()[x.row(i) + j];
        }
        out.set(j, (float) sum);
      }
    };
  }

  @Override
  Span mask(double keep, long seed, Ints counter, Floats out) {
    return (part, from, to) -> ScalarDropout.mask(keep, seed, counter.get(0), from, to, out);
  }

  @Override
  Span lstm(Cells.Lstm o) {
    return (part, from, to) -> {
      for (int row = from; row < to; row++) {
        ScalarCells.lstm(o, row, 0);
      }
    };
  }

  @Override
  Span lstmGrad(Cells.LstmGrad o) {
    return (part, from, to) -> {
      for (int row = from; row < to; row++) {
        ScalarCells.lstmGrad(o, row, 0);
      }
    };
  }

  @Override
  Span gru(Cells.Gru o) {
    return (part, from, to) -> {
      for (int row = from; row < to; row++) {
        ScalarCells.gru(o, row, 0);
      }
    };
  }

  @Override
  Span gruGrad(Cells.GruGrad o) {
    return (part, from, to) -> {
      for (int row = from; row < to; row++) {
        ScalarCells.gruGrad(o, row, 0);
      }
    };
  }
}
