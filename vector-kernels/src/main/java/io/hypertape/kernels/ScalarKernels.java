package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.ScalarConvolution;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.gemm.ScalarProducts;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.ScalarLayers;
import io.hypertape.kernels.updates.AdamFactors;
import io.hypertape.kernels.updates.AdaptiveKernels;
import io.hypertape.kernels.updates.AdaptiveUpdate;
import io.hypertape.kernels.updates.ScalarAdaptive;
import io.hypertape.kernels.updates.SplitDecay;

/** The scalar twin of {@link VectorKernels}: plain loops on one thread. */
final class ScalarKernels implements Kernels {

  private final Elementwise elementwise = new ScalarElementwise();
  private final Layers layers = new ScalarLayers();
  private final AdaptiveKernels adaptive = new ScalarAdaptive();
  private final Products products = new ScalarProducts(elementwise);
  private final KernelSelection selection;

  ScalarKernels(String reason) {
    this.selection = new KernelSelection(false, Float.SIZE, 1, reason);
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
    ScalarConvolution.forward(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    ScalarConvolution.data(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    ScalarConvolution.filter(s, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    for (int i = 0; i < n; i++) {
      pOut[pOutOff + i] = p[pOff + i] - alpha * g[gOff + i];
    }
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
    for (int i = 0; i < n; i++) {
      float direction = mu * b[bOff + i] + g[gOff + i];
      bOut[bOutOff + i] = direction;
      pOut[pOutOff + i] = p[pOff + i] - alpha * direction;
    }
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
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float sum = s[sOff + i] + x * x;
      sOut[sOutOff + i] = sum;
      pOut[pOutOff + i] = p[pOff + i] - alpha * x / (float) Math.sqrt(sum + eps);
    }
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
    SplitDecay decay = SplitDecay.of(gamma);
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float mean = decay.mean(s[sOff + i], x * x);
      sOut[sOutOff + i] = mean;
      pOut[pOutOff + i] = p[pOff + i] - alpha * x / (float) Math.sqrt(mean + eps);
    }
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
    AdamFactors k = AdamFactors.of(beta1, beta2, t);
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float mean = k.first().mean(m[mOff + i], x);
      float square = k.second().mean(v[vOff + i], x * x);
      mOut[mOutOff + i] = mean;
      vOut[vOutOff + i] = square;
      float root = (float) Math.sqrt(square * k.square());
      pOut[pOutOff + i] = p[pOff + i] - mean * (alpha * k.mean()) / (root + eps);
    }
  }

  @Override
  public void sgdHyper(int n, float[] c, int cOff, float[] g, int gOff, float[] out) {
    double sum0 = 0;
    for (int i = 0; i < n; i++) {
      sum0 += c[cOff + i] * g[gOff + i];
    }
    out[0] = (float) -sum0;
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
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      sum0 += c[cOff + i] * (mu * b[bOff + i] + g[gOff + i]);
      sum1 += c[cOff + i] * b[bOff + i];
    }
    out[0] = (float) -sum0;
    out[1] = (float) (-alpha * sum1);
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
    double product = 0;
    double squares = 0;
    double lengths = 0;
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float e = w[wOff + i] - mean[meanOff + i];
      meanOut[meanOutOff + i] = e * rate + mean[meanOff + i];
      product += x * e;
      squares += x * x;
      lengths += e * e;
    }
    out[0] = (float) product;
    out[1] = (float) squares;
    out[2] = (float) lengths;
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
    double sum0 = 0;
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      sum0 += c[cOff + i] * x / (float) Math.sqrt(s[sOff + i] + x * x + eps);
    }
    out[0] = (float) -sum0;
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
    SplitDecay decay = SplitDecay.of(gamma);
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float inner = decay.mean(s[sOff + i], x * x) + eps;
      float share = c[cOff + i] * x / (float) Math.sqrt(inner);
      sum0 += share;
      sum1 += share * (s[sOff + i] - x * x) / inner;
    }
    out[0] = (float) -sum0;
    out[1] = (float) (0.5 * alpha * sum1);
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
    AdamFactors k = AdamFactors.of(beta1, beta2, t);
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    for (int i = 0; i < n; i++) {
      float x = g[gOff + i];
      float mean = k.first().mean(m[mOff + i], x);
      float square = k.second().mean(v[vOff + i], x * x);
      float root = (float) Math.sqrt(square * k.square());
      float share = c[cOff + i] / (root + eps);
      float meanHat = mean * k.mean();
      sum0 += share * meanHat;
      sum1 += share * ((m[mOff + i] - x) * k.mean() + mean * k.meanSlope());
      float squareRate = (v[vOff + i] - x * x) * k.square() + square * k.squareSlope();
      if (root != 0) {
        sum2 += share * meanHat * (squareRate / ((root + eps) * root));
      }
    }
    out[0] = (float) -sum0;
    out[1] = (float) (-alpha * sum1);
    out[2] = (float) (0.5 * alpha * sum2);
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
    // Nothing is held.
  }
}
