package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionKernels;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.AdaptiveKernels;

/**
 * CPU kernels on float arrays. An operand is an array, an offset and, where it may be strided, one
 * stride an axis, in elements; a stride of 0 repeats (broadcasts). Outputs have no stride of 0 and
 * overlap no input. Axes of length 0 make a call do nothing. NaN and infinities follow IEEE 754.
 *
 * <p>One caller at a time. Results do not depend on the number of threads.
 */
public interface Kernels extends ConvolutionKernels, AdaptiveKernels, AutoCloseable {

  /**
   * Opens kernels.
   *
   * @param mode which
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if mode is VECTOR and vector kernels cannot run or would be
   *     slower than scalar ones; says why
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  static Kernels open(KernelMode mode, int threads) {
    return KernelLadder.open(mode, threads);
  }

  /**
   * What was chosen.
   *
   * @return the selection
   */
  KernelSelection selection();

  /**
   * Kernels of strided elements.
   *
   * @return the room of them
   */
  Elementwise elementwise();

  /**
   * Matrix products.
   *
   * @return the room of them
   */
  Products products();

  /**
   * Pooling, batch normalization, rows of tables, masks and recurrent cells.
   *
   * @return the layers' kernels, until these are closed
   * @throws IllegalStateException if these are closed
   */
  Layers layers();

  /**
   * Gradient descent: pOut = p − alpha·g.
   *
   * @param n number of elements
   * @param p parameter
   * @param pOff its offset
   * @param g gradient
   * @param gOff its offset
   * @param alpha step size
   * @param pOut new parameter
   * @param pOutOff its offset
   */
  void sgd(int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff);

  /**
   * With momentum: bOut = mu·b + g, pOut = p − alpha·bOut.
   *
   * @param n number of elements
   * @param p parameter
   * @param pOff its offset
   * @param g gradient
   * @param gOff its offset
   * @param b buffer
   * @param bOff its offset
   * @param alpha step size
   * @param mu momentum
   * @param pOut new parameter
   * @param pOutOff its offset
   * @param bOut new buffer
   * @param bOutOff its offset
   */
  void sgdMomentum(
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
      int bOutOff);

  /**
   * AdaGrad: sOut = s + g², pOut = p − alpha·g/√(sOut + eps).
   *
   * @param n number of elements
   * @param p parameter
   * @param pOff its offset
   * @param g gradient
   * @param gOff its offset
   * @param s sum of squares
   * @param sOff its offset
   * @param alpha step size
   * @param eps added inside the root
   * @param pOut new parameter
   * @param pOutOff its offset
   * @param sOut new sum of squares
   * @param sOutOff its offset
   */
  void adagrad(
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
      int sOutOff);

  /**
   * RMSProp: sOut = gamma·s + (1−gamma)·g², pOut = p − alpha·g/√(sOut + eps).
   *
   * @param n number of elements
   * @param p parameter
   * @param pOff its offset
   * @param g gradient
   * @param gOff its offset
   * @param s mean square
   * @param sOff its offset
   * @param alpha step size
   * @param gamma decay, in double precision since 1 − gamma counts
   * @param eps added inside the root
   * @param pOut new parameter
   * @param pOutOff its offset
   * @param sOut new mean square
   * @param sOutOff its offset
   */
  void rmsprop(
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
      int sOutOff);

  /**
   * Adam: mOut = beta1·m + (1−beta1)·g, vOut = beta2·v + (1−beta2)·g², pOut = p − alpha·m̂/(√v̂ +
   * eps), m̂ = mOut/(1−beta1^t), v̂ = vOut/(1−beta2^t).
   *
   * @param n number of elements
   * @param p parameter
   * @param pOff its offset
   * @param g gradient
   * @param gOff its offset
   * @param m mean
   * @param mOff its offset
   * @param v mean square
   * @param vOff its offset
   * @param alpha step size
   * @param beta1 decay of the mean, in double precision since 1 − beta1 counts
   * @param beta2 decay of the mean square, likewise
   * @param eps added outside the root
   * @param t number of steps, this one included
   * @param pOut new parameter
   * @param pOutOff its offset
   * @param mOut new mean
   * @param mOutOff its offset
   * @param vOut new mean square
   * @param vOutOff its offset
   */
  void adam(
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
      int vOutOff);

  /**
   * Hypergradient of {@link #sgd}: out[0] = −⟨c, g⟩.
   *
   * @param n number of elements
   * @param c cotangent of the new parameter
   * @param cOff its offset
   * @param g gradient that was applied
   * @param gOff its offset
   * @param out [d alpha]
   */
  void sgdHyper(int n, float[] c, int cOff, float[] g, int gOff, float[] out);

  /**
   * Hypergradients of {@link #sgdMomentum}: out = −⟨c, mu·b + g⟩, −alpha·⟨c, b⟩.
   *
   * @param n number of elements
   * @param c cotangent of the new parameter
   * @param cOff its offset
   * @param g gradient that was applied
   * @param gOff its offset
   * @param b buffer before the update
   * @param bOff its offset
   * @param alpha step size
   * @param mu momentum
   * @param out [d alpha, d mu]
   */
  void sgdMomentumHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] out);

  /**
   * Running mean of weights, and what its distance from them has to do with a gradient: with e = w
   * − mean, meanOut = mean + rate·e, and out = ⟨g, e⟩, |g|², |e|².
   *
   * @param n number of elements
   * @param g gradient
   * @param gOff its offset
   * @param w weights
   * @param wOff their offset
   * @param mean running mean
   * @param meanOff its offset
   * @param rate share of the distance by which the mean moves
   * @param meanOut next mean; the mean itself or apart from all others
   * @param meanOutOff its offset
   * @param out [⟨g, e⟩, |g|², |e|²]
   */
  void trace(
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
      float[] out);

  /**
   * Hypergradient of {@link #adagrad}: out[0] = −⟨c, g/√(s + g² + eps)⟩.
   *
   * @param n number of elements
   * @param c cotangent of the new parameter
   * @param cOff its offset
   * @param g gradient that was applied
   * @param gOff its offset
   * @param s sum of squares before the update
   * @param sOff its offset
   * @param eps added inside the root
   * @param out [d alpha]
   */
  void adagradHyper(
      int n, float[] c, int cOff, float[] g, int gOff, float[] s, int sOff, float eps, float[] out);

  /**
   * Hypergradients of {@link #rmsprop}: with s' = gamma·s + (1−gamma)·g², out = −⟨c, g/√(s' +
   * eps)⟩, ½·alpha·⟨c, g·(s − g²)·(s' + eps)^(−3/2)⟩.
   *
   * @param n number of elements
   * @param c cotangent of the new parameter
   * @param cOff its offset
   * @param g gradient that was applied
   * @param gOff its offset
   * @param s mean square before the update
   * @param sOff its offset
   * @param alpha step size
   * @param gamma decay, in double precision since 1 − gamma counts
   * @param eps added inside the root
   * @param out [d alpha, d gamma]
   */
  void rmspropHyper(
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
      float[] out);

  /**
   * Hypergradients of {@link #adam}; the bias corrections are differentiated through beta^t. An
   * element whose v and g are 0 adds nothing to d beta2: its mean square is 0 for every beta2.
   *
   * @param n number of elements
   * @param c cotangent of the new parameter
   * @param cOff its offset
   * @param g gradient that was applied
   * @param gOff its offset
   * @param m mean before the update
   * @param mOff its offset
   * @param v mean square before the update
   * @param vOff its offset
   * @param alpha step size
   * @param beta1 decay of the mean, in double precision since 1 − beta1 counts
   * @param beta2 decay of the mean square, likewise
   * @param eps added outside the root
   * @param t number of steps, that one included
   * @param out [d alpha, d beta1, d beta2]
   */
  void adamHyper(
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
      float[] out);

  /**
   * Ends the worker threads; a call that is under way is done to its end. Closing twice is
   * harmless. A call that is large enough for several threads throws {@link IllegalStateException}
   * from then on.
   */
  @Override
  void close();
}
