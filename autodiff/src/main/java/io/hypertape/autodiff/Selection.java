package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import java.util.Arrays;
import java.util.List;

/** A choice between two values, element by element. */
final class Selection {

  private static final FusedOp BY_SCALAR =
      FusedOp.of("where", in -> List.of(defined(in.get(0), in.get(1), in.get(2))))
          .withKernel(new Kernel());

  private Selection() {}

  /** {@link FusedKernel#SELECT}. */
  private record Kernel() implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.fuses(FusedKernel.SELECT);
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      return List.of(inputs.get(1));
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.fused(FusedKernel.SELECT, in, out);
    }
  }

  /** 1 where a comparison gave 0, and 0 where it gave 1. */
  static Tensor not(Tensor comparison) {
    return comparison.equalTo(0);
  }

  static Tensor where(Tensor condition, Tensor chosen, Tensor otherwise) {
    boolean isOne = condition.size() == 1 && condition.rank() <= chosen.rank();
    if (isOne && Arrays.equals(chosen.dims(), otherwise.dims())) {
      shape(condition, chosen, otherwise);
      return BY_SCALAR.apply(condition, chosen, otherwise);
    }
    return defined(condition, chosen, otherwise);
  }

  private static Tensor defined(Tensor condition, Tensor chosen, Tensor otherwise) {
    int[] shape = shape(condition, chosen, otherwise);
    Tensor fails = condition.equalTo(0);
    Tensor holds = not(fails);
    // A gate hands through or gives 0, whatever comes in; that 0 is taken away again as −0 − x and
    // x − 0, so that every x goes through as it is, −0 too.
    Tensor first = gate(chosen.broadcastTo(shape).neg(), holds.broadcastTo(shape)).neg();
    return first.sub(gate(otherwise.broadcastTo(shape).neg(), fails.broadcastTo(shape)));
  }

  private static Tensor gate(Tensor x, Tensor open) {
    return ElementwiseOps.apply(BinaryOp.RELU_GRAD, x, open);
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
