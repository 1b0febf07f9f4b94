package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.View;

/** Visits the elements of views in row-major order of one shape, giving each view's index. */
final class ViewWalk {

  /** Receives the index into the storage of each of three views. */
  interface Visitor {
    void visit(int a, int b, int c);
  }

  private ViewWalk() {}

  /** Visits the shape of a; b and c have the same rank, and stride 0 where they are shorter. */
  static void over(View a, View b, View c, Visitor visitor) {
    if (a.size() > 0) {
      walk(a, b, c, 0, a.offset(), b.offset(), c.offset(), visitor);
    }
  }

  private static void walk(
      View a, View b, View c, int axis, int ia, int ib, int ic, Visitor visitor) {
    if (axis == a.rank()) {
      visitor.visit(ia, ib, ic);
      return;
    }
    for (int i = 0; i < a.shape()[axis]; i++) {
      walk(
          a,
          b,
          c,
          axis + 1,
          ia + i * a.strides()[axis],
          ib + i * b.strides()[axis],
          ic + i * c.strides()[axis],
          visitor);
    }
  }

  /** A view with stride 0 on the axes of length 1, so that a reduction revisits its element. */
  static View folded(View view) {
    int[] strides = view.strides().clone();
    for (int axis = 0; axis < strides.length; axis++) {
      if (view.shape()[axis] == 1) {
        strides[axis] = 0;
      }
    }
    return new View(view.storage(), view.offset(), view.shape(), strides);
  }
}
