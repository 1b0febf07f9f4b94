package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;

/** The kernels' operands, made of views. */
final class Operands {

  private Operands() {}

  static Floats floats(View view) {
    return new Floats(CpuBackend.floats(view), view.offset(), view.size());
  }

  static Ints ints(View view) {
    return new Ints(CpuBackend.ints(view), view.offset(), view.size());
  }

  static Matrix matrix(View view) {
    return new Matrix(
        CpuBackend.floats(view),
        view.offset(),
        view.shape()[0],
        view.shape()[1],
        view.strides()[0],
        view.strides()[1]);
  }

  static Strided strided(View view) {
    return new Strided(CpuBackend.floats(view), view.offset(), view.shape(), view.strides());
  }
}
