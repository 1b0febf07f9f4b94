package io.hypertape.kernels.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Copies of many short rows, for which a call of arraycopy each would cost more than the copy. */
@LeafLoop
public final class VectorCopies {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorCopies() {}

  /** Copies one or two vectors a row, rows step and width apart. */
  public static void rows(
      int rows, int vectors, float[] x, int at, int step, float[] out, int to, int width) {
    if (vectors == 2) {
      for (int p = 0; p < rows; p++) {
        FloatVector left = FloatVector.fromArray(S, x, at + p * step);
        FloatVector right = FloatVector.fromArray(S, x, at + p * step + L);
        left.intoArray(out, to + p * width);
        right.intoArray(out, to + p * width + L);
      }
    } else {
      for (int p = 0; p < rows; p++) {
        FloatVector.fromArray(S, x, at + p * step).intoArray(out, to + p * width);
      }
    }
  }

  /** Copies a part of a vector a row, filled up with zeros. */
  public static void padded(
      int rows, int cols, float[] x, int at, int step, float[] out, int to, int width) {
    VectorMask<Float> some = VectorRows.first(cols);
    for (int p = 0; p < rows; p++) {
      FloatVector.fromArray(S, x, at + p * step, some).intoArray(out, to + p * width);
    }
  }

  /** Copies a part of a vector a row, or adds it to what is there. */
  public static void part(
      int rows,
      int cols,
      float[] x,
      int at,
      int step,
      float[] out,
      int to,
      int width,
      boolean add) {
    VectorMask<Float> some = VectorRows.first(cols);
    if (add) {
      for (int p = 0; p < rows; p++) {
        FloatVector sum = FloatVector.fromArray(S, out, to + p * width, some);
        sum.add(FloatVector.fromArray(S, x, at + p * step)).intoArray(out, to + p * width, some);
      }
    } else {
      for (int p = 0; p < rows; p++) {
        FloatVector.fromArray(S, x, at + p * step).intoArray(out, to + p * width, some);
      }
    }
  }

  /** How many of the rows, step apart, have a whole vector before the end of what remains. */
  public static int within(int rows, int remaining, int step) {
    if (remaining < L) {
      return 0;
    }
    return step <= 0 ? rows : Math.min(rows, (remaining - L) / step + 1);
  }
}
