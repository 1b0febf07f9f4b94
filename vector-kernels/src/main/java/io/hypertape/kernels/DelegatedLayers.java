package io.hypertape.kernels;

import io.hypertape.kernels.layers.CellShape;
import io.hypertape.kernels.layers.LayerKernels;
import io.hypertape.kernels.layers.PoolingShape;

/** Kernels that leave those of layers to an object of their own. */
abstract class DelegatedLayers implements Kernels {

  /** Where calls go, asked for at each of them. */
  abstract LayerKernels layers();

  @Override
  public final void maxPool(
      PoolingShape s, float[] x, int xOff, float[] y, int yOff, int[] index, int indexOff) {
    layers().maxPool(s, x, xOff, y, yOff, index, indexOff);
  }

  @Override
  public final void maxPoolScatter(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    layers().maxPoolScatter(s, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public final void maxPoolGather(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    layers().maxPoolGather(s, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public final void averagePool(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    layers().averagePool(s, in, inOff, out, outOff);
  }

  @Override
  public final void averagePoolAdjoint(
      PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    layers().averagePoolAdjoint(s, in, inOff, out, outOff);
  }

  @Override
  public final void batchNorm(
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
    layers()
        .batchNorm(
            batch, channels, plane, eps, x, xOff, gamma, gammaOff, beta, betaOff, y, yOff, mean,
            meanOff, invStd, invStdOff);
  }

  @Override
  public final void batchNormGrad(
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
    layers()
        .batchNormGrad(
            batch, channels, plane, dy, dyOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd,
            invStdOff, dx, dxOff, dGamma, dGammaOff, dBeta, dBetaOff);
  }

  @Override
  public final void gatherRows(
      int n,
      int rows,
      int cols,
      float[] table,
      int tableOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    layers().gatherRows(n, rows, cols, table, tableOff, index, indexOff, out, outOff);
  }

  @Override
  public final void scatterRows(
      int n,
      int rows,
      int cols,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    layers().scatterRows(n, rows, cols, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public final void columnSums(
      int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff) {
    layers().columnSums(rows, cols, x, xOff, xRow, out, outOff);
  }

  @Override
  public final void dropoutMask(double keep, long seed, long stream, float[] out, int off, int n) {
    layers().dropoutMask(keep, seed, stream, out, off, n);
  }

  @Override
  public final void lstmCell(
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
    layers()
        .lstmCell(
            s, gates, gatesOff, bias, biasOff, c, cOff, newC, newCOff, tanhC, tanhCOff, h, hOff);
  }

  @Override
  public final void lstmCellGrad(
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
    layers()
        .lstmCellGrad(
            s, gates, gatesOff, c, cOff, tanhC, tanhCOff, dy, dyOff, dh, dhOff, dc, dcOff, dGates,
            dGatesOff);
  }

  @Override
  public final void gruCell(
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
    layers()
        .gruCell(
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
  public final void gruCellGrad(
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
    layers()
        .gruCellGrad(
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
