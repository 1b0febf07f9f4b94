package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix product with a long k, as a sum of products of spans of it, added in double precision:
 * in single precision, the error of adding one block of k after the other would grow with k. A span
 * is a product of its own; adding it costs nothing beside.
 */
final class LongProduct implements Call {

  /** Longest k that is summed in single precision. */
  static final int SPAN = 1 << 15;

  /** Elements of the result that are computed together, if they are enough rows. */
  private static final int TOGETHER = 1 << 22;

  private static final int ENOUGH_ROWS = 128;

  private final float beta;
  private final float[] sums;
  private final double[] totals;
  private final List<Rows> blocks = new ArrayList<>();

  /** Some rows of c, and the spans' products, each of which writes the same sums. */
  private record Rows(Matrix c, List<Call> spans) {}

  /** Buffers, of which the calls of one kernels' products have one. */
  static final class Room {
    private float[] sums = {};
    private double[] totals = {};

    /** Calls made before keep what they had: it is doubled, so that this is not much in all. */
    private void reserve(int size) {
      if (sums.length < size) {
        sums = new float[Math.max(size, 2 * sums.length)];
        totals = new double[sums.length];
      }
    }
  }

  LongProduct(Products products, Room room, Matrix a, Matrix b, float beta, Matrix c) {
    this.beta = beta;
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    int height = Math.min(m, Math.max(ENOUGH_ROWS, TOGETHER / n));
    int size = Math.multiplyExact(height, n);
    room.reserve(size);
    sums = room.sums;
    totals = room.totals;
    int spans = (k + SPAN - 1) / SPAN;
    int longest = (k + spans - 1) / spans;
    for (int i = 0; i < m; i += height) {
      int rows = Math.min(height, m - i);
      Matrix span = Matrix.dense(sums, 0, rows, n);
      List<Call> calls = new ArrayList<>();
      for (int p = 0; p < k; p += longest) {
        int some = Math.min(longest, k - p);
        calls.add(products.gemm(a.part(i, rows, p, some), b.part(p, some, 0, n), 0, span));
      }
      blocks.add(new Rows(c.part(i, rows, 0, n), calls));
    }
  }

  @Override
  public void run() {
    for (int i = 0; i < blocks.size(); i++) {
      Rows block = blocks.get(i);
      begin(block.c);
      int size = block.c.rows() * block.c.cols();
      for (int s = 0; s < block.spans.size(); s++) {
        block.spans.get(s).run();
        for (int j = 0; j < size; j++) {
          totals[j] += sums[j];
        }
      }
      end(block.c);
    }
  }

  private void begin(Matrix block) {
    int n = block.cols();
    for (int row = 0; row < block.rows(); row++) {
      int at = block.offset() + row * block.rowStride();
      for (int j = 0; j < n; j++) {
        totals[row * n + j] = beta == 0 ? 0 : (double) beta * block.array()[at + j];
      }
    }
  }

  private void end(Matrix block) {
    int n = block.cols();
    for (int row = 0; row < block.rows(); row++) {
      int at = block.offset() + row * block.rowStride();
      for (int j = 0; j < n; j++) {
        block.array()[at + j] = (float) totals[row * n + j];
      }
    }
  }
}
