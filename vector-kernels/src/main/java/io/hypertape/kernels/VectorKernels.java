package io.hypertape.kernels;

/** Kernels on the Vector API. Loaded only where its module is resolved. */
final class VectorKernels extends StridedKernels {

  /** Elements below which a row stays on the caller's thread. */
  private static final int PARALLEL_ROW = 1 << 16;

  private final Workers workers;
  private final VectorGemm gemm;
  private final KernelSelection selection;

  VectorKernels(int threads) {
    this.workers = new Workers(threads);
    this.gemm = new VectorGemm(workers);
    this.selection =
        new KernelSelection(
            true, VectorRows.BITS, threads, "vector kernels, " + VectorRows.BITS + " bits");
  }

  @Override
  public KernelSelection selection() {
    return selection;
  }

  /** Whole vectors for each thread, so that every element goes through the same instructions. */
  private static int share(int n, int part, int parts) {
    return (int) ((long) n * part / parts) & -64;
  }

  private interface Range {
    void run(int from, int length);
  }

  private void split(int n, Range range) {
    if (n < PARALLEL_ROW || workers.count() == 1) {
      range.run(0, n);
      return;
    }
    workers.run(
        (part, parts) -> {
          int from = share(n, part, parts);
          int to = part + 1 == parts ? n : share(n, part + 1, parts);
          range.run(from, to - from);
        });
  }

  @Override
  void unaryRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    if (n < PARALLEL_ROW) {
      VectorUnary.row(op, n, x, xOff, out, outOff);
    } else {
      split(n, (from, length) -> VectorUnary.row(op, length, x, xOff + from, out, outOff + from));
    }
  }

  @Override
  void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    if (n < PARALLEL_ROW) {
      VectorBinary.row(op, n, a, aOff, b, bOff, out, outOff);
    } else {
      split(
          n,
          (from, length) ->
              VectorBinary.row(op, length, a, aOff + from, b, bOff + from, out, outOff + from));
    }
  }

  @Override
  float reduceRow(ReduceOp op, int n, float[] x, int xOff) {
    return VectorReduce.row(op, n, x, xOff);
  }

  @Override
  void accumulateRow(ReduceOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    VectorReduce.accumulate(op, n, x, xOff, out, outOff);
  }

  @Override
  public float dot(int n, float[] x, int xOff, float[] y, int yOff) {
    return VectorReduce.dot(n, x, xOff, y, yOff);
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float beta,
      float[] c,
      int cOff,
      int cRow) {
    gemm.run(m, n, k, a, aOff, aRow, aCol, b, bOff, bRow, bCol, beta, c, cOff, cRow);
  }

  @Override
  public void logSoftmax(
      int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff, int outRow) {
    for (int i = 0; i < rows; i++) {
      VectorSoftmax.logSoftmax(cols, x, xOff + i * xRow, out, outOff + i * outRow);
    }
  }

  @Override
  public void logSoftmaxGrad(
      int rows,
      int cols,
      float[] y,
      int yOff,
      int yRow,
      float[] g,
      int gOff,
      int gRow,
      float[] out,
      int outOff,
      int outRow) {
    for (int i = 0; i < rows; i++) {
      VectorSoftmax.grad(cols, y, yOff + i * yRow, g, gOff + i * gRow, out, outOff + i * outRow);
    }
  }

  @Override
  public void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    split(
        n,
        (i, length) ->
            VectorUpdates.sgd(length, p, pOff + i, g, gOff + i, alpha, pOut, pOutOff + i));
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
    split(
        n,
        (i, length) ->
            VectorUpdates.sgdMomentum(
                length,
                p,
                pOff + i,
                g,
                gOff + i,
                b,
                bOff + i,
                alpha,
                mu,
                pOut,
                pOutOff + i,
                bOut,
                bOutOff + i));
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
    split(
        n,
        (i, length) ->
            VectorUpdates.adagrad(
                length,
                p,
                pOff + i,
                g,
                gOff + i,
                s,
                sOff + i,
                alpha,
                eps,
                pOut,
                pOutOff + i,
                sOut,
                sOutOff + i));
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
      float gamma,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    split(
        n,
        (i, length) ->
            VectorUpdates.rmsprop(
                length,
                p,
                pOff + i,
                g,
                gOff + i,
                s,
                sOff + i,
                alpha,
                gamma,
                eps,
                pOut,
                pOutOff + i,
                sOut,
                sOutOff + i));
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
      float beta1,
      float beta2,
      float eps,
      float t,
      float[] pOut,
      int pOutOff,
      float[] mOut,
      int mOutOff,
      float[] vOut,
      int vOutOff) {
    AdamFactors factors = AdamFactors.of(beta1, beta2, t);
    split(
        n,
        (i, length) ->
            VectorUpdates.adam(
                length,
                p,
                pOff + i,
                g,
                gOff + i,
                m,
                mOff + i,
                v,
                vOff + i,
                alpha,
                beta1,
                beta2,
                eps,
                factors,
                pOut,
                pOutOff + i,
                mOut,
                mOutOff + i,
                vOut,
                vOutOff + i));
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
    VectorUpdates.sgdMomentumHyper(n, c, cOff, g, gOff, b, bOff, alpha, mu, out);
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
    VectorUpdates.adagradHyper(n, c, cOff, g, gOff, s, sOff, eps, out);
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
      float gamma,
      float eps,
      float[] out) {
    VectorUpdates.rmspropHyper(n, c, cOff, g, gOff, s, sOff, alpha, gamma, eps, out);
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
      float beta1,
      float beta2,
      float eps,
      float t,
      float[] out) {
    VectorUpdates.adamHyper(
        n,
        c,
        cOff,
        g,
        gOff,
        m,
        mOff,
        v,
        vOff,
        alpha,
        beta1,
        beta2,
        eps,
        AdamFactors.of(beta1, beta2, t),
        out);
  }

  @Override
  public void close() {
    workers.close();
  }
}
