package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Scalars;

/** The scalar twin of {@link VectorLayers}. */
public final class ScalarLayers implements LayerKernels {

  private final RowBlocks rowBlocks = new RowBlocks(Scalars::add);

  @Override
  public void maxPool(
      PoolingShape s, float[] x, int xOff, float[] y, int yOff, int[] index, int indexOff) {
    ScalarPooling.max(s, 0, s.planes(), x, xOff, y, yOff, index, indexOff);
  }

  @Override
  public void maxPoolScatter(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    IndexedRows.check(s.planes() * s.outPlane(), s.plane(), index, indexOff);
    ScalarPooling.scatter(s, 0, s.planes(), in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void maxPoolGather(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    IndexedRows.check(s.planes() * s.outPlane(), s.plane(), index, indexOff);
    ScalarPooling.gather(s, 0, s.planes(), in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void averagePool(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    ScalarPooling.average(s, 0, s.planes(), in, inOff, out, outOff);
  }

  @Override
  public void averagePoolAdjoint(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    ScalarPooling.averageAdjoint(s, 0, s.planes(), in, inOff, out, outOff);
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
    ScalarBatchNorm.forward(
        batch, channels, plane, eps, x, xOff, gamma, gammaOff, beta, betaOff, y, yOff, mean,
        meanOff, invStd, invStdOff);
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
    ScalarBatchNorm.backward(
        batch, channels, plane, dy, dyOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd,
        invStdOff, dx, dxOff, dGamma, dGammaOff, dBeta, dBetaOff);
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
    IndexedRows.gather(0, n, cols, table, tableOff, index, indexOff, out, outOff);
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
    IndexedRows.scatter(rowBlocks, n, rows, cols, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void columnSums(
      int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff) {
    for (int j = 0; j < cols; j++) {
      double sum = 0;
      for (int i = 0; i < rows; i++) {
        sum += x[xOff + i * xRow + j];
      }
      out[outOff + j] = (float) sum;
    }
  }

  @Override
  public void dropoutMask(double keep, long seed, long stream, float[] out, int off, int n) {
    ScalarDropout.mask(keep, seed, stream, 0, n, out, off);
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
    ScalarCells.lstm(
        s, gates, gatesOff, bias, biasOff, c, cOff, newC, newCOff, tanhC, tanhCOff, h, hOff);
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
    ScalarCells.lstmGrad(
        s, gates, gatesOff, c, cOff, tanhC, tanhCOff, dy, dyOff, dh, dhOff, dc, dcOff, dGates,
        dGatesOff);
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
    ScalarCells.gru(
        s,
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
        newHOff);
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
    ScalarCells.gruGrad(
        s,
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
        dRecurrentOff);
  }
}
