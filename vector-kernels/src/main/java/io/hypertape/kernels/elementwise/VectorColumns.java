package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ColumnSums.Rows} on vectors. The last, incomplete vector is left to the scalar twin, as in
 * {@link VectorBinary}.
 */
public final class VectorColumns {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorColumns() {}

  public static void add(int rows, int n, float[] x, int xOff, int xRow, float[] sums) {
    int row = 0;
    for (; row <= rows - 16; row += 16) {
      sixteen(n, x, xOff + row * xRow, xRow, sums);
    }
    if (row <= rows - 8) {
      eight(n, x, xOff + row * xRow, xRow, sums);
      row += 8;
    }
    for (; row < rows; row++) {
      VectorBinary.row(BinaryOp.ADD, n, sums, 0, x, xOff + row * xRow, sums, 0);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static FloatVector tree(float[] x, int at, int row) {
    FloatVector a = load(x, at).add(load(x, at + row));
    FloatVector b = load(x, at + 2 * row).add(load(x, at + 3 * row));
    FloatVector c = load(x, at + 4 * row).add(load(x, at + 5 * row));
    FloatVector d = load(x, at + 6 * row).add(load(x, at + 7 * row));
    return a.add(b).add(c.add(d));
  }

  private static void eight(int n, float[] x, int xOff, int xRow, float[] sums) {
    int j = 0;
    for (; j <= n - L; j += L) {
      load(sums, j).add(tree(x, xOff + j, xRow)).intoArray(sums, j);
    }
    if (j < n) {
      ScalarColumns.eight(n - j, x, xOff + j, xRow, sums, j);
    }
  }

  /** Twice eight in one pass. */
  private static void sixteen(int n, float[] x, int xOff, int xRow, float[] sums) {
    int second = xOff + 8 * xRow;
    int j = 0;
    for (; j <= n - L; j += L) {
      FloatVector first = load(sums, j).add(tree(x, xOff + j, xRow));
      first.add(tree(x, second + j, xRow)).intoArray(sums, j);
    }
    if (j < n) {
      ScalarColumns.eight(n - j, x, xOff + j, xRow, sums, j);
      ScalarColumns.eight(n - j, x, second + j, xRow, sums, j);
    }
  }
}
