package io.hypertape.kernels.gemm;

import java.util.Arrays;

/** Matrix products in plain loops; the products of spans of k are added in double precision. */
public final class ScalarGemm {

  /** Longest k that is summed in single precision. */
  private static final int SPAN = 512;

  private float[] span = {};
  private double[] totals = {};

  public void run(
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
    if (k > SPAN && totals.length < n) {
      span = new float[n];
      totals = new double[n];
    }
    for (int i = 0; i < m; i++) {
      int at = cOff + i * cRow;
      int left = aOff + i * aRow;
      for (int j = 0; j < n; j++) {
        c[at + j] = beta == 0 ? 0 : beta * c[at + j];
      }
      if (k <= SPAN) {
        add(n, k, a, left, aCol, b, bOff, bRow, bCol, c, at);
      } else {
        addSpans(n, k, a, left, aCol, b, bOff, bRow, bCol, c, at);
      }
    }
  }

  private void addSpans(
      int n,
      int k,
      float[] a,
      int aOff,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff) {
    for (int j = 0; j < n; j++) {
      totals[j] = c[cOff + j];
    }
    for (int p = 0; p < k; p += SPAN) {
      Arrays.fill(span, 0, n, 0);
      int some = Math.min(SPAN, k - p);
      add(n, some, a, aOff + p * aCol, aCol, b, bOff + p * bRow, bRow, bCol, span, 0);
      for (int j = 0; j < n; j++) {
        totals[j] += span[j];
      }
    }
    for (int j = 0; j < n; j++) {
      c[cOff + j] = (float) totals[j];
    }
  }

  /** Adds to a row of c its products, one row of b after the other. */
  private static void add(
      int n,
      int k,
      float[] a,
      int aOff,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff) {
    for (int p = 0; p < k; p++) {
      float x = a[aOff + p * aCol];
      int row = bOff + p * bRow;
      for (int j = 0; j < n; j++) {
        c[cOff + j] += x * b[row + j * bCol];
      }
    }
  }
}
