package io.hypertape.kernels.elementwise;

/** The scalar twin of {@link VectorColumns}: the same bits. */
public final class ScalarColumns {

  private ScalarColumns() {}

  public static void add(int rows, int n, float[] x, int xOff, int xRow, float[] sums) {
    int row = 0;
    for (; row <= rows - 8; row += 8) {
      eight(n, x, xOff + row * xRow, xRow, sums, 0);
    }
    for (; row < rows; row++) {
      for (int j = 0; j < n; j++) {
        sums[j] += x[xOff + row * xRow + j];
      }
    }
  }

  /** Adds eight rows to sums, from one of these on. */
  static void eight(int n, float[] x, int xOff, int xRow, float[] sums, int at) {
    int r1 = xOff + xRow;
    int r2 = r1 + xRow;
    int r3 = r2 + xRow;
    int r4 = r3 + xRow;
    int r5 = r4 + xRow;
    int r6 = r5 + xRow;
    int r7 = r6 + xRow;
    for (int j = 0; j < n; j++) {
      float left = (x[xOff + j] + x[r1 + j]) + (x[r2 + j] + x[r3 + j]);
      float right = (x[r4 + j] + x[r5 + j]) + (x[r6 + j] + x[r7 + j]);
      sums[at + j] += left + right;
    }
  }
}
