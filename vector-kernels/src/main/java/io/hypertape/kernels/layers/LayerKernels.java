package io.hypertape.kernels.layers;

/**
 * Kernels of whole layers of a network. Operands are dense in row-major order unless said
 * otherwise, each an array and an offset; outputs overlap no input. Results do not depend on the
 * number of threads.
 */
public interface LayerKernels {

  /**
   * Largest elements of windows, and where they are. NaN counts as largest; of equals the first in
   * row-major order is taken.
   *
   * @param s windows
   * @param x [planes, height, width]
   * @param xOff its offset
   * @param y [planes, P, Q], written
   * @param yOff its offset
   * @param index [planes, P, Q], written: row · width + column of the element taken
   * @param indexOff its offset
   */
  void maxPool(PoolingShape s, float[] x, int xOff, float[] y, int yOff, int[] index, int indexOff);

  /**
   * out = 0, then in each plane out[index[p, q]] += in[p, q], in row-major order of p and q.
   *
   * @param s windows
   * @param in [planes, P, Q]
   * @param inOff its offset
   * @param index [planes, P, Q]
   * @param indexOff its offset
   * @param out [planes, height, width], written
   * @param outOff its offset
   * @throws IndexOutOfBoundsException if an index is no element of a plane; nothing was written
   *     then
   */
  void maxPoolScatter(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff);

  /**
   * In each plane out[p, q] = in[index[p, q]].
   *
   * @param s windows
   * @param in [planes, height, width]
   * @param inOff its offset
   * @param index [planes, P, Q]
   * @param indexOff its offset
   * @param out [planes, P, Q], written
   * @param outOff its offset
   * @throws IndexOutOfBoundsException if an index is no element of a plane; nothing was written
   *     then
   */
  void maxPoolGather(
      PoolingShape s, float[] in, int inOff, int[] index, int indexOff, float[] out, int outOff);

  /**
   * Means of windows, padding counted as zeros.
   *
   * @param s windows
   * @param in [planes, height, width]
   * @param inOff its offset
   * @param out [planes, P, Q], written
   * @param outOff its offset
   */
  void averagePool(PoolingShape s, float[] in, int inOff, float[] out, int outOff);

  /**
   * The adjoint of {@link #averagePool}: every element of a window gets its share.
   *
   * @param s windows
   * @param in [planes, P, Q]
   * @param inOff its offset
   * @param out [planes, height, width], written
   * @param outOff its offset
   */
  void averagePoolAdjoint(PoolingShape s, float[] in, int inOff, float[] out, int outOff);

  /**
   * Normalizes channels by mean and biased variance of the batch: y = γ·(x − mean)·invStd + β, with
   * invStd = 1/√(variance + eps) (Ioffe, Szegedy 2015, algorithm 1).
   *
   * @param batch number of images
   * @param channels number of channels
   * @param plane elements of a channel of an image
   * @param eps added to the variance
   * @param x [batch, channels, plane]
   * @param xOff its offset
   * @param gamma γ [channels]
   * @param gammaOff its offset
   * @param beta β [channels]
   * @param betaOff its offset
   * @param y [batch, channels, plane], written
   * @param yOff its offset
   * @param mean [channels], written
   * @param meanOff its offset
   * @param invStd [channels], written
   * @param invStdOff its offset
   */
  void batchNorm(
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
      int invStdOff);

  /**
   * First derivatives of {@link #batchNorm}, through mean and variance too.
   *
   * @param batch number of images
   * @param channels number of channels
   * @param plane elements of a channel of an image
   * @param dy cotangent of y [batch, channels, plane]
   * @param dyOff its offset
   * @param x [batch, channels, plane]
   * @param xOff its offset
   * @param gamma γ [channels]
   * @param gammaOff its offset
   * @param mean [channels] as batchNorm wrote it
   * @param meanOff its offset
   * @param invStd [channels] as batchNorm wrote it
   * @param invStdOff its offset
   * @param dx cotangent of x [batch, channels, plane], written
   * @param dxOff its offset
   * @param dGamma cotangent of γ [channels], written
   * @param dGammaOff its offset
   * @param dBeta cotangent of β [channels], written
   * @param dBetaOff its offset
   */
  void batchNormGrad(
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
      int dBetaOff);

  /**
   * out[i, :] = table[index[i], :].
   *
   * @param n rows of out
   * @param rows rows of the table
   * @param cols length of a row
   * @param table [rows, cols]
   * @param tableOff its offset
   * @param index a row for each row of out
   * @param indexOff its offset
   * @param out [n, cols], written
   * @param outOff its offset
   * @throws IndexOutOfBoundsException if an index is no row; nothing was written then
   */
  void gatherRows(
      int n,
      int rows,
      int cols,
      float[] table,
      int tableOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff);

  /**
   * out = 0, then out[index[i], :] += in[i, :], in the order of i.
   *
   * @param n rows of in
   * @param rows rows of out
   * @param cols length of a row
   * @param in [n, cols]
   * @param inOff its offset
   * @param index a row of out for each row of in
   * @param indexOff its offset
   * @param out [rows, cols], written
   * @param outOff its offset
   * @throws IndexOutOfBoundsException if an index is no row; nothing was written then
   */
  void scatterRows(
      int n,
      int rows,
      int cols,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff);

  /**
   * out[j] = Σ x[i, j].
   *
   * @param rows number of rows
   * @param cols length of a row
   * @param x read
   * @param xOff its offset
   * @param xRow distance of its rows
   * @param out [cols], written
   * @param outOff its offset
   */
  void columnSums(int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff);

  /**
   * A mask for dropout: out[i] = 1/keep where the uniform number i of the sequence is less than
   * keep, else 0. See {@link io.hypertape.kernels.lanes.Philox}.
   *
   * @param keep probability to keep an element, above 0 and at most 1
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param out written
   * @param off offset
   * @param n how many
   */
  void dropoutMask(double keep, long seed, long stream, float[] out, int off, int n);

  /**
   * What an LSTM does at a step beside its products (Hochreiter, Schmidhuber 1997; forget gate of
   * Gers et al. 2000): i = σ(aᵢ), f = σ(a_f), g = tanh(a_g), o = σ(aₒ), newC = f·c + i·g, tanhC =
   * tanh(newC), h = o·tanhC.
   *
   * @param s sizes
   * @param gates [batch, 4·hidden]: what the products gave, becomes i, f, g, o
   * @param gatesOff its offset
   * @param bias [4·hidden], added to what the products gave
   * @param biasOff its offset
   * @param c cell state [batch, hidden]
   * @param cOff its offset
   * @param newC new cell state [batch, hidden], written
   * @param newCOff its offset
   * @param tanhC [batch, hidden], written
   * @param tanhCOff its offset
   * @param h output [batch, hidden], written
   * @param hOff its offset
   */
  void lstmCell(
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
      int hOff);

  /**
   * First derivatives of {@link #lstmCell}.
   *
   * @param s sizes
   * @param gates [batch, 4·hidden] as lstmCell wrote them
   * @param gatesOff its offset
   * @param c cell state before the step [batch, hidden]
   * @param cOff its offset
   * @param tanhC [batch, hidden] as lstmCell wrote it
   * @param tanhCOff its offset
   * @param dy one part of h's cotangent [batch, hidden]
   * @param dyOff its offset
   * @param dh the other [batch, hidden]
   * @param dhOff its offset
   * @param dc cotangent of newC [batch, hidden], becomes that of c
   * @param dcOff its offset
   * @param dGates cotangent of what the products gave [batch, 4·hidden], written
   * @param dGatesOff its offset
   */
  void lstmCellGrad(
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
      int dGatesOff);

  /**
   * What a gated recurrent unit does at a step beside its products (Cho et al. 2014, in cuDNN's
   * form): r = σ(aᵣ + uᵣ), z = σ(a_z + u_z), inner = uₙ, n = tanh(aₙ + r·inner), newH = (1−z)·n +
   * z·h.
   *
   * @param s sizes
   * @param gates [batch, 3·hidden]: a, what the product with the input gave, becomes r, z, n
   * @param gatesOff its offset
   * @param recurrent [batch, 3·hidden]: u, what the product with the state gave
   * @param recurrentOff its offset
   * @param bias [4·hidden], added to aᵣ + uᵣ, a_z + u_z, aₙ and uₙ
   * @param biasOff its offset
   * @param inner uₙ with its bias [batch, hidden], written
   * @param innerOff its offset
   * @param h state [batch, hidden]
   * @param hOff its offset
   * @param newH new state [batch, hidden], written
   * @param newHOff its offset
   */
  void gruCell(
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
      int newHOff);

  /**
   * First derivatives of {@link #gruCell}.
   *
   * @param s sizes
   * @param gates [batch, 3·hidden] as gruCell wrote them
   * @param gatesOff its offset
   * @param inner [batch, hidden] as gruCell wrote it
   * @param innerOff its offset
   * @param h state before the step [batch, hidden]
   * @param hOff its offset
   * @param dy one part of newH's cotangent [batch, hidden]
   * @param dyOff its offset
   * @param dh the other [batch, hidden], becomes the part of h's that does not go through products
   * @param dhOff its offset
   * @param dGates cotangent of a [batch, 3·hidden], written
   * @param dGatesOff its offset
   * @param dRecurrent cotangent of u [batch, 3·hidden], written
   * @param dRecurrentOff its offset
   */
  void gruCellGrad(
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
      int dRecurrentOff);
}
