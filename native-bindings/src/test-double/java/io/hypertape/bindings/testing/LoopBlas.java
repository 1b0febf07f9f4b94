package io.hypertape.bindings.testing;

import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.bindings.blas.BlasMatrix;

/** A BLAS of plain loops, which counts what it is asked for. */
public class LoopBlas implements BlasLibrary {

  /** Products that were made. */
  public int made;

  /** Products that were run. */
  public int run;

  /** Multiply-adds of the largest that was made. */
  public long largest;

  /** The threads that were asked for last; 0 if none were. */
  public int threads;

  @Override
  public String description() {
    return "loops (of a test)";
  }

  @Override
  public ThreadControl setThreads(int count) {
    threads = count;
    return ThreadControl.PROCESS;
  }

  @Override
  public Runnable product(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
    made++;
    largest = Math.max(largest, (long) a.rows() * b.rows() * b.cols());
    return () -> {
      run++;
      for (int i = 0; i < c.rows(); i++) {
        for (int j = 0; j < c.cols(); j++) {
          int at = c.offset() + i * c.rowStride() + j * c.colStride();
          c.array()[at] = element(a, b, i, j) + (beta == 0 ? 0 : beta * c.array()[at]);
        }
      }
    };
  }

  /** The last sum first, so that it has other bits than kernels of ours. */
  private static float element(BlasMatrix a, BlasMatrix b, int i, int j) {
    float sum = 0;
    for (int p = a.cols() - 1; p >= 0; p--) {
      sum +=
          a.array()[a.offset() + i * a.rowStride() + p * a.colStride()]
              * b.array()[b.offset() + p * b.rowStride() + j * b.colStride()];
    }
    return sum;
  }
}
