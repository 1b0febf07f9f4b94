package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.ReduceOp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sums and extrema along axes. */
final class Reductions {

  private Reductions() {}

  /** Reduces the chosen axes to length 1. */
  static Tensor keepingAxes(ReduceOp op, Tensor x, boolean[] axes) {
    return x.session().apply(new Reduce(op, axes), x);
  }

  /** Reduces and drops the chosen axes; all of them if none is named. */
  static Tensor along(String name, ReduceOp op, Tensor x, int... axes) {
    boolean[] chosen = Shapes.axes(name, x.dims(), axes);
    int kept = 0;
    int[] shape = new int[x.rank()];
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!chosen[axis]) {
        shape[kept++] = x.dims()[axis];
      }
    }
    return keepingAxes(op, x, chosen).reshape(Arrays.copyOf(shape, kept));
  }

  /** Reduces the chosen axes to length 1; all of them if none is named. */
  static Tensor keeping(String name, ReduceOp op, Tensor x, int... axes) {
    return keepingAxes(op, x, Shapes.axes(name, x.dims(), axes));
  }

  /** Means, of sums of x's elements. */
  static Tensor perElement(Tensor x, Tensor sums) {
    return sums.mul((double) Math.max(sums.size(), 1) / x.size());
  }

  /** Sums what broadcasting to x's shape had repeated: the adjoint of broadcastTo. */
  static Tensor sumTo(Tensor x, int[] shape) {
    checkSumTo(x, shape);
    int lead = x.rank() - shape.length;
    boolean[] axes = new boolean[x.rank()];
    boolean any = false;
    for (int axis = 0; axis < x.rank(); axis++) {
      axes[axis] = axis < lead || (shape[axis - lead] == 1 && x.dims()[axis] != 1);
      any |= axes[axis];
    }
    return (any ? keepingAxes(ReduceOp.SUM, x, axes) : x).reshape(shape);
  }

  private static void checkSumTo(Tensor x, int... shape) {
    int lead = x.rank() - shape.length;
    boolean fits = lead >= 0;
    for (int axis = 0; fits && axis < shape.length; axis++) {
      fits = shape[axis] == 1 || shape[axis] == x.dims()[lead + axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "sumTo: shape "
              + Shapes.text(x.dims())
              + " cannot be summed to "
              + Shapes.text(shape)
              + "; aligned at the last axis, lengths must be equal or the new one 1");
    }
  }

  private static final class Reduce extends Op.Single {
    private final ReduceOp op;
    private final boolean[] axes;

    Reduce(ReduceOp op, boolean[] axes) {
      this.op = op;
      this.axes = axes;
    }

    @Override
    String name() {
      return op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0).requireFloating(name());
      int[] shape = x.dims().clone();
      for (int axis = 0; axis < shape.length; axis++) {
        if (axes[axis]) {
          shape[axis] = 1;
        }
      }
      Tensor out = session.allocate(shape);
      session.backend().reduce(op, x.view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Tensor x = node.input(0);
      if (op == ReduceOp.SUM) {
        return c.broadcastTo(x.dims());
      }
      // Ties share the cotangent evenly.
      Tensor mask = x.equalTo(node.output());
      return mask.mul(c.div(keepingAxes(ReduceOp.SUM, mask, axes)));
    }
  }
}
