package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.VectorConvolution;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.elementwise.VectorElementwise;
import io.hypertape.kernels.elementwise.VectorReduce;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.gemm.VectorProducts;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.VectorLayers;
import io.hypertape.kernels.updates.AdaptiveKernels;
import io.hypertape.kernels.updates.AdaptiveRows;
import io.hypertape.kernels.updates.AdaptiveUpdate;
import io.hypertape.kernels.updates.SplitDecay;
import io.hypertape.kernels.updates.Traces;
import io.hypertape.kernels.updates.Updates;

/** Kernels on the Vector API. Loaded only where its module is resolved. */
final class VectorKernels implements Kernels {

  private final Workers workers;
  private final Elementwise elementwise;
  private final Products products;
  private final VectorConvolution convolution;
  private final VectorLayers layers;
  private final Updates updates;
  private final Traces traces;
  private final AdaptiveKernels adaptive;
  private final KernelSelection selection;

  VectorKernels(int threads) {
    this.workers = new Workers(threads);
    this.elementwise = new VectorElementwise(workers);
    this.products = new VectorProducts(workers, elementwise);
    this.convolution = new VectorConvolution(workers);
    this.layers = new VectorLayers(workers);
    this.updates = new Updates(workers);
    this.traces = new Traces(workers);
    this.adaptive = new AdaptiveRows(workers);
    this.selection =
        new KernelSelection(
            true, VectorRows.BITS, threads, "vector kernels, " + VectorRows.BITS + " bits");
  }

  @Override
  public Products products() {
    return products;
  }

  @Override
  public KernelSelection selection() {
    return selection;
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public Layers layers() {
    return layers;
  }

  @Override
  public void convolution(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    convolution.forward(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    convolution.data(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    convolution.filter(s, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    updates.sgd(n, p, pOff, g, gOff, alpha, pOut, pOutOff);
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
    updates.sgdMomentum(n, p, pOff, g, gOff, b, bOff, alpha, mu, pOut, pOutOff, bOut, bOutOff);
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
    updates.adagrad(n, p, pOff, g, gOff, s, sOff, alpha, eps, pOut, pOutOff, sOut, sOutOff);
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
    updates.rmsprop(
        n,
        p,
        pOff,
        g,
        gOff,
        s,
        sOff,
        alpha,
        SplitDecay.of(gamma),
        eps,
        pOut,
        pOutOff,
        sOut,
        sOutOff);
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
    updates.adam(
        n,
        p,
        pOff,
        g,
        gOff,
        m,
        mOff,
        v,
        vOff,
        alpha,
        eps,
        updates.factors(beta1, beta2, t),
        pOut,
        pOutOff,
        mOut,
        mOutOff,
        vOut,
        vOutOff);
  }

  @Override
  public void sgdHyper(int n, float[] c, int cOff, float[] g, int gOff, float[] out) {
    out[0] = -VectorReduce.dot(n, c, cOff, g, gOff);
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
    updates.sgdMomentumHyper(n, c, cOff, g, gOff, b, bOff, alpha, mu, out);
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
    traces.trace(n, g, gOff, w, wOff, mean, meanOff, rate, meanOut, meanOutOff, out);
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
    updates.adagradHyper(n, c, cOff, g, gOff, s, sOff, eps, out);
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
    updates.rmspropHyper(n, c, cOff, g, gOff, s, sOff, alpha, SplitDecay.of(gamma), eps, out);
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
    updates.adamHyper(
        n, c, cOff, g, gOff, m, mOff, v, vOff, alpha, eps, updates.factors(beta1, beta2, t), out);
  }

  @Override
  public void adaptive(
      AdaptiveUpdate update,
      int n,
      float[][] vectors,
      int[] offsets,
      double[] scalars,
      float[] sums) {
    adaptive.adaptive(update, n, vectors, offsets, scalars, sums);
  }

  @Override
  public void close() {
    workers.close();
  }
}
