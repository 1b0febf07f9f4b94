package io.hypertape.kernels;

import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;
import java.util.Random;

/**
 * Run by {@link ProductBitsTest}: hashes of products, dense layers and their gradients of random
 * shapes and layouts, in the mode that it is given, every other one on two threads. More cases than
 * the test's may be asked for by a second argument.
 */
final class ProductBits {

  private static final DenseActivation[] FUNCTIONS = DenseActivation.values();
  private static final int[] COLUMNS = {1, 3, 8, 8, 10, 10, 15, 16, 17, 24, 33, 70};
  private static final int[] ROWS = {1, 2, 5, 31, 63, 64, 65, 66, 130};
  private static final float[] BETAS = {0, 0, 1, -0.7f};

  private static final int CASES = 60;

  private final Random random = new Random(2026);

  private ProductBits() {}

  public static void main(String[] args) {
    KernelMode mode = KernelMode.valueOf(args[0]);
    int cases = args.length > 1 ? Integer.parseInt(args[1]) : CASES;
    var bits = new ProductBits();
    try (Kernels one = Kernels.open(mode, 1);
        Kernels two = Kernels.open(mode, 2)) {
      for (int i = 0; i < cases; i++) {
        bits.product(i, (i % 2 == 0 ? two : one).products());
      }
    }
  }

  private void product(int number, Products products) {
    int m = ROWS[random.nextInt(ROWS.length)];
    int n = COLUMNS[random.nextInt(COLUMNS.length)];
    int k = depth();
    if (k > 1 << 15) {
      m = 1 + m % 7;
    } else if (number % 20 == 0) {
      // Enough for two threads.
      m = 400;
      n = number % 40 == 0 ? 10 : 70;
      k += 150;
    }
    Matrix a = factor(m, k);
    Matrix b = factor(k, n);
    Matrix c = Matrix.dense(numbers(m * n, 1), 0, m, n);
    Matrix out = new Matrix(numbers(5 + m * (n + 3), 1), 5, m, n, n + 3, 1);
    float beta = BETAS[random.nextInt(BETAS.length)];
    products.gemm(a, b, beta, out).run();
    record(number + " gemm " + show(a) + " " + show(b) + " " + beta, out.array());
    DenseActivation function = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
    Floats bias = Floats.of(numbers(n, 1));
    products.dense(function, a, b, bias, out).run();
    record(number + " " + function, out.array());
    products.denseGrad(function, c, out, c, bias).run();
    record(number + " " + function + "_GRAD", c.array());
    record(number + " bias", bias.array());
  }

  private int depth() {
    return switch (random.nextInt(20)) {
      case 0 -> (1 << 15) + random.nextInt(2000);
      case 1 -> random.nextInt(9);
      case 2, 3, 4 -> 512 + random.nextInt(3);
      case 5, 6, 7, 8 -> 513 + random.nextInt(800);
      default -> 7 + random.nextInt(120);
    };
  }

  /** Some factors' products are denormal, or lie beyond all floats. */
  private Matrix factor(int rows, int cols) {
    float scale =
        switch (random.nextInt(12)) {
          case 0 -> 1e-21f;
          case 1 -> 1e17f;
          default -> 1;
        };
    int pad = random.nextInt(3);
    int row = cols + pad;
    int col = rows + pad;
    int at = random.nextInt(4);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Matrix(numbers(at + rows * row, scale), at, rows, cols, row, 1);
      case 3, 4, 5 -> new Matrix(numbers(at + cols * col, scale), at, rows, cols, 1, col);
      case 6 -> new Matrix(numbers(at + 2 * rows * row, scale), at, rows, cols, 2 * row, 2);
      default -> new Matrix(numbers(at + rows + cols, scale), at, rows, cols, 1, 1);
    };
  }

  private float[] numbers(int n, float scale) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = scale * (float) random.nextGaussian();
    }
    return x;
  }

  private static String show(Matrix x) {
    return x.rows() + "x" + x.cols() + "/" + x.rowStride() + "," + x.colStride();
  }

  private void record(String what, float[] out) {
    System.out.println(what + " " + Arrays.hashCode(out));
  }
}
