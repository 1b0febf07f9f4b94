package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.VectorColumns;
import io.hypertape.kernels.elementwise.VectorTotals;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/** Kernels of layers on the Vector API: large calls are shared by planes, channels or rows. */
public final class VectorLayers implements LayerKernels {

  /** Elements below which a call stays on the caller's thread. */
  private static final long PARALLEL = 1 << 16;

  /** The same for cells, of which an element takes several exponentials. */
  private static final long PARALLEL_CELL = 1 << 12;

  private final Workers workers;
  private final ColumnSums[] columns;
  private final VectorFeatureNorm[] features;
  private final RowBlocks rowBlocks = new RowBlocks(VectorTotals::add);

  public VectorLayers(Workers workers) {
    this.workers = workers;
    this.columns = new ColumnSums[workers.count()];
    this.features = new VectorFeatureNorm[workers.count()];
    Arrays.setAll(columns, unused -> new ColumnSums(VectorColumns::add));
    Arrays.setAll(features, unused -> new VectorFeatureNorm());
  }

  private interface Range {
    void run(int from, int to);
  }

  /** A range for one of the threads. */
  private interface Part {
    void run(int part, int from, int to);
  }

  /** Shares n things that come in units, of which each part gets whole ones. */
  private void split(int n, int unit, boolean large, Range range) {
    if (!large || workers.count() == 1) {
      range.run(0, n);
    } else {
      workers.run(
          (part, parts) -> range.run(edge(n, unit, part, parts), edge(n, unit, part + 1, parts)));
    }
  }

  private void splitParts(int n, int unit, boolean large, Part range) {
    if (!large || workers.count() == 1) {
      range.run(0, 0, n);
    } else {
      workers.run(
          (part, parts) ->
              range.run(part, edge(n, unit, part, parts), edge(n, unit, part + 1, parts)));
    }
  }

  /** Where a part begins, in whole units. */
  private static int edge(int n, int unit, int part, int parts) {
    int units = (n + unit - 1) / unit;
    return Math.min(n, (int) ((long) units * part / parts) * unit);
  }

  private static boolean large(PoolingShape s) {
    return (long) s.planes() * s.plane() >= PARALLEL;
  }

  private static boolean large(CellShape s) {
    return s.size() >= PARALLEL_CELL;
  }

  @Override
  public void maxPool(
      PoolingShape s, float[] x, int xOff, float[] y, int yOff, int[] index, int indexOff) {
    split(
        s.planes(),
        1,
        large(s),
        (from, to) -> VectorPooling.max(s, from, to, x, xOff, y, yOff, index, indexOff));
  }

  @Override
  public void maxPoolScatter(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    IndexedRows.check(s.planes() * s.outPlane(), s.plane(), index, indexOff);
    split(
        s.planes(),
        1,
        large(s),
        (from, to) -> ScalarPooling.scatter(s, from, to, in, inOff, index, indexOff, out, outOff));
  }

  @Override
  public void maxPoolGather(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    IndexedRows.check(s.planes() * s.outPlane(), s.plane(), index, indexOff);
    split(
        s.planes(),
        1,
        large(s),
        (from, to) -> ScalarPooling.gather(s, from, to, in, inOff, index, indexOff, out, outOff));
  }

  @Override
  public void averagePool(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    split(
        s.planes(),
        1,
        large(s),
        (from, to) -> VectorPooling.average(s, from, to, in, inOff, out, outOff));
  }

  @Override
  public void averagePoolAdjoint(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    split(
        s.planes(),
        1,
        large(s),
        (from, to) -> VectorPooling.averageAdjoint(s, from, to, in, inOff, out, outOff));
  }

  @Override
  public void batchNorm(
      int batch,
      int channels,
      int plane,
      double eps,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] y,
      int yOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    boolean large = (long) batch * channels * plane >= PARALLEL;
    if (plane == 1) {
      splitParts(
          channels,
          VectorFeatureNorm.lanes(),
          large,
          (part, from, to) ->
              features[part].forward(
                  batch, channels, from, to, eps, x, xOff, gamma, gammaOff, beta, betaOff, y, yOff,
                  mean, meanOff, invStd, invStdOff));
    } else {
      split(
          channels,
          1,
          large,
          (from, to) ->
              VectorBatchNorm.forward(
                  batch, channels, plane, from, to, eps, x, xOff, gamma, gammaOff, beta, betaOff, y,
                  yOff, mean, meanOff, invStd, invStdOff));
    }
  }

  @Override
  public void batchNormGrad(
      int batch,
      int channels,
      int plane,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dx,
      int dxOff,
      float[] dGamma,
      int dGammaOff,
      float[] dBeta,
      int dBetaOff) {
    boolean large = (long) batch * channels * plane >= PARALLEL;
    if (plane == 1) {
      splitParts(
          channels,
          VectorFeatureNorm.lanes(),
          large,
          (part, from, to) ->
              features[part].backward(
                  batch, channels, from, to, dy, dyOff, x, xOff, gamma, gammaOff, mean, meanOff,
                  invStd, invStdOff, dx, dxOff, dGamma, dGammaOff, dBeta, dBetaOff));
    } else {
      split(
          channels,
          1,
          large,
          (from, to) ->
              VectorBatchNorm.backward(
                  batch, channels, plane, from, to, dy, dyOff, x, xOff, gamma, gammaOff, mean,
                  meanOff, invStd, invStdOff, dx, dxOff, dGamma, dGammaOff, dBeta, dBetaOff));
    }
  }

  @Override
  public void gatherRows(
      int n,
      int rows,
      int cols,
      float[] table,
      int tableOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    IndexedRows.check(n, rows, index, indexOff);
    split(
        n,
        1,
        (long) n * cols >= PARALLEL,
        (from, to) ->
            IndexedRows.gather(from, to, cols, table, tableOff, index, indexOff, out, outOff));
  }

  @Override
  public void scatterRows(
      int n,
      int rows,
      int cols,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    rowBlocks.plan(n, rows, cols, index, indexOff);
    // A multiple of all vectors' lengths and of a cache line.
    split(
        cols,
        16,
        (long) n * cols >= PARALLEL,
        (from, to) ->
            VectorIndexedRows.scatter(
                rowBlocks, n, rows, cols, from, to, in, inOff, index, indexOff, out, outOff));
  }

  @Override
  public void columnSums(
      int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff) {
    splitParts(
        cols,
        64,
        (long) rows * cols >= PARALLEL,
        (part, from, to) ->
            columns[part].run(rows, to - from, x, xOff + from, xRow, out, outOff + from));
  }

  @Override
  public void dropoutMask(double keep, long seed, long stream, float[] out, int off, int n) {
    split(
        n,
        64,
        n >= PARALLEL,
        (from, to) -> VectorDropout.mask(keep, seed, stream, from, to, out, off));
  }

  @Override
  public void lstmCell(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] bias,
      int biasOff,
      float[] c,
      int cOff,
      float[] newC,
      int newCOff,
      float[] tanhC,
      int tanhCOff,
      float[] h,
      int hOff) {
    split(
        s.batch(),
        1,
        large(s),
        (from, to) ->
            VectorCells.lstm(
                s, from, to, gates, gatesOff, bias, biasOff, c, cOff, newC, newCOff, tanhC,
                tanhCOff, h, hOff));
  }

  @Override
  public void lstmCellGrad(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] c,
      int cOff,
      float[] tanhC,
      int tanhCOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dc,
      int dcOff,
      float[] dGates,
      int dGatesOff) {
    split(
        s.batch(),
        1,
        large(s),
        (from, to) ->
            VectorCells.lstmGrad(
                s, from, to, gates, gatesOff, c, cOff, tanhC, tanhCOff, dy, dyOff, dh, dhOff, dc,
                dcOff, dGates, dGatesOff));
  }

  @Override
  public void gruCell(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] recurrent,
      int recurrentOff,
      float[] bias,
      int biasOff,
      float[] inner,
      int innerOff,
      float[] h,
      int hOff,
      float[] newH,
      int newHOff) {
    split(
        s.batch(),
        1,
        large(s),
        (from, to) ->
            VectorCells.gru(
                s,
                from,
                to,
                gates,
                gatesOff,
                recurrent,
                recurrentOff,
                bias,
                biasOff,
                inner,
                innerOff,
                h,
                hOff,
                newH,
                newHOff));
  }

  @Override
  public void gruCellGrad(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] inner,
      int innerOff,
      float[] h,
      int hOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dGates,
      int dGatesOff,
      float[] dRecurrent,
      int dRecurrentOff) {
    split(
        s.batch(),
        1,
        large(s),
        (from, to) ->
            VectorCells.gruGrad(
                s,
                from,
                to,
                gates,
                gatesOff,
                inner,
                innerOff,
                h,
                hOff,
                dy,
                dyOff,
                dh,
                dhOff,
                dGates,
                dGatesOff,
                dRecurrent,
                dRecurrentOff));
  }
}
