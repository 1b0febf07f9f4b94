package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.OperandChecks;
import java.util.Locale;

/** Checks arguments before it passes a call on: nothing is written by a call that is refused. */
public final class CheckedLayers implements LayerKernels {

  private final LayerKernels kernels;

  public CheckedLayers(LayerKernels kernels) {
    this.kernels = kernels;
  }

  private static void planes(String name, PoolingShape s, float[] array, int off) {
    elements(name, array.length, off, s.planes(), s.height(), s.width());
  }

  private static void pooled(String name, PoolingShape s, int length, int off) {
    elements(name, length, off, s.planes(), s.outHeight(), s.outWidth());
  }

  private static void elements(String name, int length, int off, int a, int b, int c) {
    // In double: no product of three ints overflows it, nor does it round one that could fit.
    double size = (double) a * b * c;
    if (off < 0 || size > (double) length - off) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s [%d, %d, %d] at offset %d has %.0f elements, the array %d",
              name,
              a,
              b,
              c,
              off,
              size,
              length));
    }
  }

  private static void channels(String name, int n, float[] array, int off) {
    OperandChecks.range(name, n, array.length, off);
  }

  private static void table(String name, int rows, int cols, float[] array, int off) {
    OperandChecks.matrix(name, rows, cols, array, off, cols, 1);
  }

  private static void state(String name, CellShape s, float[] array, int off) {
    OperandChecks.matrix(name, s.batch(), s.hidden(), array, off, s.hidden(), 1);
  }

  private static void gates(String name, int gates, CellShape s, float[] array, int off) {
    long cols = (long) gates * s.hidden();
    if (cols > s.gateRow() && s.batch() > 0) {
      throw new IllegalArgumentException(
          "rows of " + name + " overlap: they are " + s.gateRow() + " apart and " + cols + " long");
    }
    OperandChecks.matrix(name, s.batch(), (int) cols, array, off, s.gateRow(), 1);
  }

  private static void bias(CellShape s, float[] bias, int off) {
    elements("bias", bias.length, off, 4, s.hidden(), 1);
  }

  @Override
  public void maxPool(
      PoolingShape s, float[] x, int xOff, float[] y, int yOff, int[] index, int indexOff) {
    planes("x", s, x, xOff);
    pooled("y", s, y.length, yOff);
    pooled("index", s, index.length, indexOff);
    kernels.maxPool(s, x, xOff, y, yOff, index, indexOff);
  }

  @Override
  public void maxPoolScatter(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    pooled("in", s, in.length, inOff);
    pooled("index", s, index.length, indexOff);
    planes("out", s, out, outOff);
    kernels.maxPoolScatter(s, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void maxPoolGather(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff) {
    planes("in", s, in, inOff);
    pooled("index", s, index.length, indexOff);
    pooled("out", s, out.length, outOff);
    kernels.maxPoolGather(s, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void averagePool(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    planes("in", s, in, inOff);
    pooled("out", s, out.length, outOff);
    kernels.averagePool(s, in, inOff, out, outOff);
  }

  @Override
  public void averagePoolAdjoint(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    pooled("in", s, in.length, inOff);
    planes("out", s, out, outOff);
    kernels.averagePoolAdjoint(s, in, inOff, out, outOff);
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
    OperandChecks.size("batch", batch);
    OperandChecks.size("channels", channels);
    OperandChecks.size("plane", plane);
    if (channels > 0 && (batch == 0 || plane == 0)) {
      throw new IllegalArgumentException(
          "batchNorm: "
              + channels
              + " channels without elements, batch "
              + batch
              + " and planes of "
              + plane
              + "; a mean takes at least one");
    }
    elements("x", x.length, xOff, batch, channels, plane);
    elements("y", y.length, yOff, batch, channels, plane);
    channels("gamma", channels, gamma, gammaOff);
    channels("beta", channels, beta, betaOff);
    channels("mean", channels, mean, meanOff);
    channels("invStd", channels, invStd, invStdOff);
    kernels.batchNorm(
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
    OperandChecks.size("batch", batch);
    OperandChecks.size("channels", channels);
    OperandChecks.size("plane", plane);
    elements("dy", dy.length, dyOff, batch, channels, plane);
    elements("x", x.length, xOff, batch, channels, plane);
    elements("dx", dx.length, dxOff, batch, channels, plane);
    channels("gamma", channels, gamma, gammaOff);
    channels("mean", channels, mean, meanOff);
    channels("invStd", channels, invStd, invStdOff);
    channels("dGamma", channels, dGamma, dGammaOff);
    channels("dBeta", channels, dBeta, dBetaOff);
    kernels.batchNormGrad(
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
    OperandChecks.size("n", n);
    OperandChecks.size("rows", rows);
    OperandChecks.size("cols", cols);
    table("table", rows, cols, table, tableOff);
    OperandChecks.range("index", n, index.length, indexOff);
    table("out", n, cols, out, outOff);
    kernels.gatherRows(n, rows, cols, table, tableOff, index, indexOff, out, outOff);
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
    OperandChecks.size("n", n);
    OperandChecks.size("rows", rows);
    OperandChecks.size("cols", cols);
    table("in", n, cols, in, inOff);
    OperandChecks.range("index", n, index.length, indexOff);
    table("out", rows, cols, out, outOff);
    kernels.scatterRows(n, rows, cols, in, inOff, index, indexOff, out, outOff);
  }

  @Override
  public void columnSums(
      int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff) {
    OperandChecks.size("rows", rows);
    OperandChecks.size("cols", cols);
    OperandChecks.matrix("x", rows, cols, x, xOff, xRow, 1);
    OperandChecks.range("out", cols, out.length, outOff);
    kernels.columnSums(rows, cols, x, xOff, xRow, out, outOff);
  }

  @Override
  public void dropoutMask(double keep, long seed, long stream, float[] out, int off, int n) {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep is " + keep + "; above 0 and at most 1 fits");
    }
    OperandChecks.size("n", n);
    OperandChecks.range("out", n, out.length, off);
    kernels.dropoutMask(keep, seed, stream, out, off, n);
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
    gates("gates", 4, s, gates, gatesOff);
    bias(s, bias, biasOff);
    state("c", s, c, cOff);
    state("newC", s, newC, newCOff);
    state("tanhC", s, tanhC, tanhCOff);
    state("h", s, h, hOff);
    kernels.lstmCell(
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
    gates("gates", 4, s, gates, gatesOff);
    gates("dGates", 4, s, dGates, dGatesOff);
    state("c", s, c, cOff);
    state("tanhC", s, tanhC, tanhCOff);
    state("dy", s, dy, dyOff);
    state("dh", s, dh, dhOff);
    state("dc", s, dc, dcOff);
    kernels.lstmCellGrad(
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
    gates("gates", 3, s, gates, gatesOff);
    gates("recurrent", 3, s, recurrent, recurrentOff);
    bias(s, bias, biasOff);
    state("inner", s, inner, innerOff);
    state("h", s, h, hOff);
    state("newH", s, newH, newHOff);
    kernels.gruCell(
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
    gates("gates", 3, s, gates, gatesOff);
    gates("dGates", 3, s, dGates, dGatesOff);
    gates("dRecurrent", 3, s, dRecurrent, dRecurrentOff);
    state("inner", s, inner, innerOff);
    state("h", s, h, hOff);
    state("dy", s, dy, dyOff);
    state("dh", s, dh, dhOff);
    kernels.gruCellGrad(
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
