package io.hypertape.autodiff;

/**
 * An order of axes and the one that undoes it.
 *
 * @param axes axis k of the permuted tensor is this one
 * @param inverse permutes back
 */
record AxisOrder(int[] axes, int[] inverse) {

  static AxisOrder of(int... axes) {
    int[] inverse = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      inverse[axes[i]] = i;
    }
    return new AxisOrder(axes, inverse);
  }

  /** One axis last, the others in their order. */
  static AxisOrder toLast(int rank, int axis) {
    int[] axes = new int[rank];
    for (int i = 0, next = 0; i < rank; i++) {
      if (i != axis) {
        axes[next++] = i;
      }
    }
    axes[rank - 1] = axis;
    return of(axes);
  }

  /** One axis first, the others in their order. */
  static AxisOrder toFirst(int rank, int axis) {
    int[] axes = new int[rank];
    axes[0] = axis;
    for (int i = 0, next = 1; i < rank; i++) {
      if (i != axis) {
        axes[next++] = i;
      }
    }
    return of(axes);
  }
}
