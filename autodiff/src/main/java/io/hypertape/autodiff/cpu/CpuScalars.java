package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.tensor.DType;

/**
 * Calls for a replay whose operands are one number each, as those of hyperparameters are: they do
 * not look at shapes again, which would take longer than the numbers.
 */
final class CpuScalars {

  private CpuScalars() {}

  /** Whether both are one number. */
  static boolean isOne(View in, View out) {
    return in.size() == 1 && out.size() == 1 && out.storage().type() == DType.F32;
  }

  /** out = a op b. */
  static Runnable binary(BinaryOp op, View a, View b, View out) {
    float[] first = CpuBackend.floats(a);
    float[] second = CpuBackend.floats(b);
    float[] result = CpuBackend.floats(out);
    int firstAt = a.offset();
    int secondAt = b.offset();
    int at = out.offset();
    return () -> result[at] = op.of(first[firstAt], second[secondAt]);
  }

  /** out = in. */
  static Runnable copy(View in, View out) {
    float[] from = CpuBackend.floats(in);
    float[] result = CpuBackend.floats(out);
    int fromAt = in.offset();
    int at = out.offset();
    return () -> result[at] = from[fromAt];
  }
}
