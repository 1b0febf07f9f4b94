package io.hypertape.benchmarks;

import io.hypertape.kernels.Kernels;

/** Calls our gemm for a {@link GemmShape}. */
public final class Products {

  private Products() {}

  /**
   * c = a·b.
   *
   * @param kernels the kernels
   * @param s the shape
   * @param a the first factor, as it lies
   * @param b the second factor, as it lies
   * @param c overwritten
   */
  public static void gemm(Kernels kernels, GemmShape s, float[] a, float[] b, float[] c) {
    kernels.gemm(
        s.m(),
        s.n(),
        s.k(),
        a,
        0,
        s.transA() ? 1 : s.k(),
        s.transA() ? s.m() : 1,
        b,
        0,
        s.transB() ? 1 : s.n(),
        s.transB() ? s.k() : 1,
        0f,
        c,
        0,
        s.n());
  }
}
