package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ColumnSums.Rows} on vectors. The last, incomplete vector is scalars, as in {@link
 * VectorBinary}.
 */
final class VectorColumns {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorColumns() {}

  static void add(int rows, int n, float[] x, int xOff, int xRow, float[] sums) {
    int row = 0;
    for (; row <= rows - 8; row += 8) {
      eight(n, x, xOff + row * xRow, xRow, sums);
    }
    for (; row < rows; row++) {
      VectorBinary.row(BinaryOp.ADD, n, sums, 0, x, xOff + row * xRow, sums, 0);
    }
  }

  private static void eight(int n, float[] x, int xOff, int xRow, float[] sums) {
    int r1 = xOff + xRow;
    int r2 = r1 + xRow;
    int r3 = r2 + xRow;
    int r4 = r3 + xRow;
    int r5 = r4 + xRow;
    int r6 = r5 + xRow;
    int r7 = r6 + xRow;
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      int k = j + L;
      FloatVector a0 = load(x, xOff + j).add(load(x, r1 + j));
      FloatVector a1 = load(x, xOff + k).add(load(x, r1 + k));
      FloatVector b0 = load(x, r2 + j).add(load(x, r3 + j));
      FloatVector b1 = load(x, r2 + k).add(load(x, r3 + k));
      FloatVector c0 = load(x, r4 + j).add(load(x, r5 + j));
      FloatVector c1 = load(x, r4 + k).add(load(x, r5 + k));
      FloatVector d0 = load(x, r6 + j).add(load(x, r7 + j));
      FloatVector d1 = load(x, r6 + k).add(load(x, r7 + k));
      load(sums, j).add(a0.add(b0).add(c0.add(d0))).intoArray(sums, j);
      load(sums, k).add(a1.add(b1).add(c1.add(d1))).intoArray(sums, k);
    }
    for (; j <= n - L; j += L) {
      FloatVector a = load(x, xOff + j).add(load(x, r1 + j));
      FloatVector b = load(x, r2 + j).add(load(x, r3 + j));
      FloatVector c = load(x, r4 + j).add(load(x, r5 + j));
      FloatVector d = load(x, r6 + j).add(load(x, r7 + j));
      load(sums, j).add(a.add(b).add(c.add(d))).intoArray(sums, j);
    }
    for (; j < n; j++) {
      float left = (x[xOff + j] + x[r1 + j]) + (x[r2 + j] + x[r3 + j]);
      float right = (x[r4 + j] + x[r5 + j]) + (x[r6 + j] + x[r7 + j]);
      sums[j] += left + right;
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }
}
