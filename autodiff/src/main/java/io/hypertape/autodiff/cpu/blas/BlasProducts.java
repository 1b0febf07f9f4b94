package io.hypertape.autodiff.cpu.blas;

import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.bindings.blas.BlasMatrix;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of which a BLAS computes the large ones, in its bits, and our kernels all others. What
 * dense layers add to a product is ours.
 *
 * <p>While a BLAS works on Java's arrays, no thread gets over a safepoint. So a long product is cut
 * into pieces of milliseconds, along k first: pieces of k cost least, as each packs parts of its
 * factors that no other does.
 */
final class BlasProducts implements Products {

  /** Multiply-adds from which on a BLAS is asked; below, the call and its packing weigh more. */
  static final long LARGE = 1L << 19;

  /** Rows, columns and depth of which products with fewer are ours: they are no BLAS's strength. */
  static final int NARROW = 16;

  /** Longest k of a BLAS: we sum longer ones in double precision, which it does not. */
  static final int LONGEST = 1 << 15;

  /** Multiply-adds of a piece, of each thread: 5 ms at 200 GFLOP/s. */
  static final long PIECE = 1L << 29;

  /** A piece's least depth and side. */
  private static final int DEPTH = 512;

  private static final int SIDE = 256;

  /** What pieces are whole ones of: a multiple of the blocks of most libraries. */
  private static final int UNIT = 48;

  private final Kernels kernels;
  private final BlasLibrary library;
  private final long piece;

  BlasProducts(Kernels kernels, BlasLibrary library, long piece) {
    this.kernels = kernels;
    this.library = library;
    this.piece = piece;
  }

  @Override
  public Call gemm(Matrix a, Matrix b, float beta, Matrix c) {
    return isLarge(a, b, c) ? product(a, b, beta, c) : kernels.products().gemm(a, b, beta, c);
  }

  /** The product is added to the bias, which saves a pass. */
  @Override
  public Call dense(DenseActivation activation, Matrix a, Matrix b, Floats bias, Matrix c) {
    if (!isLarge(a, b, c)) {
      return kernels.products().dense(activation, a, b, bias, c);
    }
    int[] shape = {c.rows(), c.cols()};
    Strided sums = new Strided(c.array(), c.offset(), shape, new int[] {c.rowStride(), 1});
    Floats each = bias.ofLength("bias", c.cols());
    Strided rows = new Strided(each.array(), each.offset(), shape, new int[] {0, 1});
    Call begin = kernels.elementwise().copy(rows, sums);
    Call product = product(a, b, 1, c);
    Call function =
        switch (activation) {
          case NONE -> Call.NOTHING;
          case TANH -> kernels.elementwise().unary(UnaryOp.TANH, sums, sums);
          case RELU -> kernels.elementwise().unary(UnaryOp.RELU, sums, sums);
          case SIGMOID -> kernels.elementwise().unary(UnaryOp.SIGMOID, sums, sums);
        };
    return () -> {
      begin.run();
      product.run();
      function.run();
    };
  }

  @Override
  public Call denseGrad(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
    return kernels.products().denseGrad(activation, g, y, out, bias);
  }

  /** What does not fit is small: our kernels say what is wrong with it. */
  private static boolean isLarge(Matrix a, Matrix b, Matrix c) {
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    return Math.min(Math.min(m, n), k) >= NARROW
        && k <= LONGEST
        && (long) m * n * k >= LARGE
        && a.rows() == m
        && b.rows() == k
        && b.cols() == n
        && c.colStride() == 1
        && fits(a)
        && fits(b)
        && fits(c);
  }

  private static boolean fits(Matrix x) {
    return BlasMatrix.fits(x.rows(), x.cols(), x.rowStride(), x.colStride());
  }

  private Call product(Matrix a, Matrix b, float beta, Matrix c) {
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    int height = m;
    int width = n;
    int depth = k;
    if ((long) m * n * k > piece) {
      int least = Math.min(k, DEPTH);
      while ((long) height * width * least > piece && Math.max(height, width) > SIDE) {
        if (height >= width) {
          height = half(height);
        } else {
          width = half(width);
        }
      }
      depth = (int) Math.clamp(piece / ((long) height * width), least, k);
      depth = Math.ceilDiv(k, Math.ceilDiv(k, depth));
    }
    List<Runnable> pieces = new ArrayList<>();
    for (int j = 0; j < n; j += width) {
      int cols = Math.min(width, n - j);
      for (int p = 0; p < k; p += depth) {
        int some = Math.min(depth, k - p);
        for (int i = 0; i < m; i += height) {
          int rows = Math.min(height, m - i);
          pieces.add(
              library.product(
                  operand(a.part(i, rows, p, some)),
                  operand(b.part(p, some, j, cols)),
                  p == 0 ? beta : 1,
                  operand(c.part(i, rows, j, cols))));
        }
      }
    }
    if (pieces.size() == 1) {
      return pieces.getFirst()::run;
    }
    Runnable[] all = pieces.toArray(Runnable[]::new);
    return () -> {
      for (Runnable each : all) {
        each.run();
      }
    };
  }

  private static int half(int length) {
    return Math.ceilDiv(Math.ceilDiv(length, 2), UNIT) * UNIT;
  }

  private static BlasMatrix operand(Matrix x) {
    return new BlasMatrix(x.array(), x.offset(), x.rows(), x.cols(), x.rowStride(), x.colStride());
  }
}
