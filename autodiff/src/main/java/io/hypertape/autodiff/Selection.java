package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;

/** A choice between two values, element by element. */
final class Selection {

  private Selection() {}

  /** 1 where a comparison gave 0, and 0 where it gave 1. */
  static Tensor not(Tensor comparison) {
    return comparison.equalTo(0);
  }

  static Tensor where(Tensor condition, Tensor chosen, Tensor otherwise) {
    int[] shape = shape(condition, chosen, otherwise);
    Tensor fails = condition.equalTo(0);
    Tensor holds = not(fails);
    // A gate hands through or gives 0, whatever comes in; that 0 is taken away again as −0 − x and
    // x − 0, so that every x goes through as it is, −0 too.
    Tensor first = gate(chosen.broadcastTo(shape).neg(), holds.broadcastTo(shape)).neg();
    return first.sub(gate(otherwise.broadcastTo(shape).neg(), fails.broadcastTo(shape)));
  }

  private static Tensor gate(Tensor x, Tensor open) {
    return Elementwise.apply(BinaryOp.RELU_GRAD, x, open);
  }

  private static int[] shape(Tensor condition, Tensor chosen, Tensor otherwise) {
    condition.requireFloating("where: condition");
    chosen.requireFloating("where: chosen");
    otherwise.requireFloating("where: otherwise");
    try {
      int[] values = Shapes.broadcast("where", chosen.dims(), otherwise.dims());
      return Shapes.broadcast("where", condition.dims(), values);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "where: a condition of shape "
              + Shapes.text(condition.dims())
              + " and values of shapes "
              + Shapes.text(chosen.dims())
              + " and "
              + Shapes.text(otherwise.dims())
              + " do not broadcast; aligned at the last axis, lengths must be equal or 1",
          e);
    }
  }
}
