package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionArguments;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.OperandChecks;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.AdaptiveUpdate;

/** Checks arguments before it passes a call on: nothing is written by a call that is refused. */
final class CheckedKernels implements Kernels {

  private final Kernels kernels;
  private boolean closed;

  CheckedKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("these kernels are closed");
    }
  }

  @Override
  public Elementwise elementwise() {
    requireOpen();
    return kernels.elementwise();
  }

  @Override
  public Layers layers() {
    requireOpen();
    return kernels.layers();
  }

  @Override
  public Products products() {
    requireOpen();
    return kernels.products();
  }

  @Override
  public KernelSelection selection() {
    return kernels.selection();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernels.close();
    }
  }

  @Override
  public void convolution(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    requireOpen();
    ConvolutionArguments.forward(s, x, xOff, w, wOff, y, yOff);
    kernels.convolution(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    requireOpen();
    ConvolutionArguments.data(s, dy, dyOff, w, wOff, dx, dxOff);
    kernels.convolutionData(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    requireOpen();
    ConvolutionArguments.filter(s, x, xOff, dy, dyOff, dw, dwOff);
    kernels.convolutionFilter(s, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("p", n, p.length, pOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("pOut", n, pOut.length, pOutOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "p", p, pOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "g", g, gOff);
    kernels.sgd(n, p, pOff, g, gOff, alpha, pOut, pOutOff);
  }

  @Override
  public void sgdMomentum(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] pOut,
      int pOutOff,
      float[] bOut,
      int bOutOff) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("p", n, p.length, pOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("b", n, b.length, bOff);
    OperandChecks.range("pOut", n, pOut.length, pOutOff);
    OperandChecks.range("bOut", n, bOut.length, bOutOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "p", p, pOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "g", g, gOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "b", b, bOff);
    OperandChecks.apart(n, "bOut", bOut, bOutOff, "p", p, pOff);
    OperandChecks.apart(n, "bOut", bOut, bOutOff, "g", g, gOff);
    OperandChecks.apart(n, "bOut", bOut, bOutOff, "b", b, bOff);
    OperandChecks.disjoint(n, "bOut", bOut, bOutOff, "pOut", pOut, pOutOff);
    kernels.sgdMomentum(n, p, pOff, g, gOff, b, bOff, alpha, mu, pOut, pOutOff, bOut, bOutOff);
  }

  @Override
  public void adagrad(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("p", n, p.length, pOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("s", n, s.length, sOff);
    OperandChecks.range("pOut", n, pOut.length, pOutOff);
    OperandChecks.range("sOut", n, sOut.length, sOutOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "p", p, pOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "g", g, gOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "s", s, sOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "p", p, pOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "g", g, gOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "s", s, sOff);
    OperandChecks.disjoint(n, "sOut", sOut, sOutOff, "pOut", pOut, pOutOff);
    kernels.adagrad(n, p, pOff, g, gOff, s, sOff, alpha, eps, pOut, pOutOff, sOut, sOutOff);
  }

  @Override
  public void rmsprop(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      double gamma,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("p", n, p.length, pOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("s", n, s.length, sOff);
    OperandChecks.range("pOut", n, pOut.length, pOutOff);
    OperandChecks.range("sOut", n, sOut.length, sOutOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "p", p, pOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "g", g, gOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "s", s, sOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "p", p, pOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "g", g, gOff);
    OperandChecks.apart(n, "sOut", sOut, sOutOff, "s", s, sOff);
    OperandChecks.disjoint(n, "sOut", sOut, sOutOff, "pOut", pOut, pOutOff);
    kernels.rmsprop(n, p, pOff, g, gOff, s, sOff, alpha, gamma, eps, pOut, pOutOff, sOut, sOutOff);
  }

  @Override
  public void adam(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] m,
      int mOff,
      float[] v,
      int vOff,
      float alpha,
      double beta1,
      double beta2,
      float eps,
      float t,
      float[] pOut,
      int pOutOff,
      float[] mOut,
      int mOutOff,
      float[] vOut,
      int vOutOff) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("p", n, p.length, pOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("m", n, m.length, mOff);
    OperandChecks.range("v", n, v.length, vOff);
    OperandChecks.range("pOut", n, pOut.length, pOutOff);
    OperandChecks.range("mOut", n, mOut.length, mOutOff);
    OperandChecks.range("vOut", n, vOut.length, vOutOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "p", p, pOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "g", g, gOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "m", m, mOff);
    OperandChecks.apart(n, "pOut", pOut, pOutOff, "v", v, vOff);
    OperandChecks.apart(n, "mOut", mOut, mOutOff, "p", p, pOff);
    OperandChecks.apart(n, "mOut", mOut, mOutOff, "g", g, gOff);
    OperandChecks.apart(n, "mOut", mOut, mOutOff, "m", m, mOff);
    OperandChecks.apart(n, "mOut", mOut, mOutOff, "v", v, vOff);
    OperandChecks.apart(n, "vOut", vOut, vOutOff, "p", p, pOff);
    OperandChecks.apart(n, "vOut", vOut, vOutOff, "g", g, gOff);
    OperandChecks.apart(n, "vOut", vOut, vOutOff, "m", m, mOff);
    OperandChecks.apart(n, "vOut", vOut, vOutOff, "v", v, vOff);
    OperandChecks.disjoint(n, "mOut", mOut, mOutOff, "pOut", pOut, pOutOff);
    OperandChecks.disjoint(n, "vOut", vOut, vOutOff, "pOut", pOut, pOutOff);
    OperandChecks.disjoint(n, "vOut", vOut, vOutOff, "mOut", mOut, mOutOff);
    kernels.adam(
        n, p, pOff, g, gOff, m, mOff, v, vOff, alpha, beta1, beta2, eps, t, pOut, pOutOff, mOut,
        mOutOff, vOut, vOutOff);
  }

  @Override
  public void sgdHyper(int n, float[] c, int cOff, float[] g, int gOff, float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("c", n, c.length, cOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("out", 1, out.length, 0);
    kernels.sgdHyper(n, c, cOff, g, gOff, out);
  }

  @Override
  public void sgdMomentumHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("c", n, c.length, cOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("b", n, b.length, bOff);
    OperandChecks.range("out", 2, out.length, 0);
    kernels.sgdMomentumHyper(n, c, cOff, g, gOff, b, bOff, alpha, mu, out);
  }

  @Override
  public void trace(
      int n,
      float[] g,
      int gOff,
      float[] w,
      int wOff,
      float[] mean,
      int meanOff,
      float rate,
      float[] meanOut,
      int meanOutOff,
      float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("w", n, w.length, wOff);
    OperandChecks.range("mean", n, mean.length, meanOff);
    OperandChecks.range("meanOut", n, meanOut.length, meanOutOff);
    OperandChecks.range("out", 3, out.length, 0);
    OperandChecks.apart(n, "meanOut", meanOut, meanOutOff, "g", g, gOff);
    OperandChecks.apart(n, "meanOut", meanOut, meanOutOff, "w", w, wOff);
    OperandChecks.apart(n, "meanOut", meanOut, meanOutOff, "mean", mean, meanOff);
    kernels.trace(n, g, gOff, w, wOff, mean, meanOff, rate, meanOut, meanOutOff, out);
  }

  @Override
  public void adagradHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float eps,
      float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("c", n, c.length, cOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("s", n, s.length, sOff);
    OperandChecks.range("out", 1, out.length, 0);
    kernels.adagradHyper(n, c, cOff, g, gOff, s, sOff, eps, out);
  }

  @Override
  public void rmspropHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      double gamma,
      float eps,
      float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("c", n, c.length, cOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("s", n, s.length, sOff);
    OperandChecks.range("out", 2, out.length, 0);
    kernels.rmspropHyper(n, c, cOff, g, gOff, s, sOff, alpha, gamma, eps, out);
  }

  @Override
  public void adamHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] m,
      int mOff,
      float[] v,
      int vOff,
      float alpha,
      double beta1,
      double beta2,
      float eps,
      float t,
      float[] out) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.range("c", n, c.length, cOff);
    OperandChecks.range("g", n, g.length, gOff);
    OperandChecks.range("m", n, m.length, mOff);
    OperandChecks.range("v", n, v.length, vOff);
    OperandChecks.range("out", 3, out.length, 0);
    kernels.adamHyper(n, c, cOff, g, gOff, m, mOff, v, vOff, alpha, beta1, beta2, eps, t, out);
  }

  @Override
  public void adaptive(
      AdaptiveUpdate update,
      int n,
      float[][] vectors,
      int[] offsets,
      double[] scalars,
      float[] sums) {
    requireOpen();
    OperandChecks.size("n", n);
    OperandChecks.adaptive(update, n, vectors, offsets, scalars, sums);
    kernels.adaptive(update, n, vectors, offsets, scalars, sums);
  }
}
