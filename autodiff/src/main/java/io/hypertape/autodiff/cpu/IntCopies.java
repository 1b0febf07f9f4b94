package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.View;

/** Copies of indices, which are few: row by row, without vectors. */
final class IntCopies {

  private IntCopies() {}

  /** out = in, between views of one shape. */
  static void copy(View in, View out) {
    if (in.size() > 0) {
      copy(in, out, 0, in.offset(), out.offset());
    }
  }

  private static void copy(View in, View out, int axis, int from, int to) {
    if (axis == in.rank()) {
      CpuBackend.ints(out)[to] = CpuBackend.ints(in)[from];
      return;
    }
    for (int i = 0; i < in.shape()[axis]; i++) {
      copy(in, out, axis + 1, from + i * in.strides()[axis], to + i * out.strides()[axis]);
    }
  }
}
