package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;

/** Arithmetic of shapes, with errors that name the operation and say what would fit. */
final class Shapes {

  private Shapes() {}

  static int[] checked(int... shape) {
    Nulls.check(shape, "shape");
    long size = 1;
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "shape " + text(shape) + " has a negative length; lengths are 0 or more");
      }
      size *= length;
      if (size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "shape "
                + text(shape)
                + " has more than the "
                + (Integer.MAX_VALUE - 8)
                + " elements that one tensor can hold");
      }
    }
    return shape;
  }

  static int size(int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  static String text(int... shape) {
    return Arrays.toString(shape);
  }

  /** Several, such as [[2, 3], []]. */
  static String text(List<int[]> shapes) {
    return shapes.stream().map(Shapes::text).toList().toString();
  }

  /** NumPy's rule: aligned at the last axis, lengths equal or one of them 1. */
  static int[] broadcast(String op, int[] a, int[] b) {
    if (Arrays.equals(a, b)) {
      return a;
    }
    int rank = Math.max(a.length, b.length);
    int[] shape = new int[rank];
    for (int k = 1; k <= rank; k++) {
      int la = k <= a.length ? a[a.length - k] : 1;
      int lb = k <= b.length ? b[b.length - k] : 1;
      if (la != lb && la != 1 && lb != 1) {
        throw new IllegalArgumentException(
            op
                + ": shapes "
                + text(a)
                + " and "
                + text(b)
                + " do not broadcast: axis "
                + (rank - k)
                + " has lengths "
                + la
                + " and "
                + lb
                + ", which must be equal or one of them 1");
      }
      shape[rank - k] = la == 1 ? lb : la;
    }
    return shape;
  }

  /** Which axes are named, those counted from the end included; all if none is. */
  static boolean[] axes(String op, int[] shape, int... axes) {
    Nulls.check(axes, op, "axes");
    boolean[] chosen = new boolean[shape.length];
    if (axes.length == 0) {
      Arrays.fill(chosen, true);
    }
    for (int axis : axes) {
      int at = axis(op, shape, axis);
      if (chosen[at]) {
        throw new IllegalArgumentException(
            op
                + ": axes "
                + text(axes)
                + " name axis "
                + at
                + " of "
                + text(shape)
                + " twice; each may be named once");
      }
      chosen[at] = true;
    }
    return chosen;
  }

  static int axis(String op, int[] shape, int axis) {
    int positive = axis < 0 ? axis + shape.length : axis;
    if (positive < 0 || positive >= shape.length) {
      throw new IllegalArgumentException(
          op
              + ": axis "
              + axis
              + " is outside shape "
              + text(shape)
              + "; "
              + (-shape.length)
              + ".."
              + (shape.length - 1)
              + " would fit");
    }
    return positive;
  }
}
