package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import java.util.Arrays;
import java.util.List;

/** Operations that only look at their input differently: no kernel runs. */
final class ViewOps {

  private ViewOps() {}

  static Tensor reshape(Tensor x, int[] shape) {
    int[] resolved = resolve(x, shape);
    if (Arrays.equals(resolved, x.dims())) {
      return x;
    }
    return x.session().apply(new Reshape(resolved), x.contiguous());
  }

  private static int[] resolve(Tensor x, int[] shape) {
    int[] resolved = shape.clone();
    int unknown = -1;
    long known = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == -1 && unknown < 0) {
        unknown = axis;
      } else {
        known *= shape[axis];
      }
    }
    if (unknown >= 0 && known > 0 && x.size() % known == 0) {
      resolved[unknown] = (int) (x.size() / known);
      known = x.size();
    }
    if (known != x.size() || Arrays.stream(resolved).anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          "reshape: "
              + Shapes.text(x.dims())
              + " has "
              + x.size()
              + " elements, which do not fill "
              + Shapes.text(shape));
    }
    return Shapes.checked(resolved);
  }

  static Tensor permute(Tensor x, int[] axes) {
    boolean[] seen = new boolean[x.rank()];
    int[] order = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      order[i] = Shapes.axis("permute", x.dims(), axes[i]);
      seen[order[i]] = true;
    }
    for (boolean s : seen) {
      if (!s || axes.length != x.rank()) {
        throw new IllegalArgumentException(
            "permute: "
                + Shapes.text(axes)
                + " must name each axis of "
                + Shapes.text(x.dims())
                + " once");
      }
    }
    return x.session().apply(new Permute(order), x);
  }

  static Tensor broadcast(Tensor x, int[] shape) {
    if (Arrays.equals(shape, x.dims())) {
      return x;
    }
    int lead = shape.length - x.rank();
    boolean fits = lead >= 0;
    for (int axis = 0; fits && axis < x.rank(); axis++) {
      fits = x.dims()[axis] == shape[lead + axis] || x.dims()[axis] == 1;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "broadcastTo: shape "
              + Shapes.text(x.dims())
              + " does not broadcast to "
              + Shapes.text(shape)
              + "; aligned at the last axis, lengths must be equal or 1");
    }
    return x.session().apply(new Broadcast(Shapes.checked(shape.clone())), x);
  }

  private static final class Reshape extends Op.Single {
    private final int[] shape;

    Reshape(int[] shape) {
      this.shape = shape;
    }

    @Override
    String name() {
      return "reshape";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      View v = x.view();
      return x.lookAt(new View(v.storage(), v.offset(), shape, View.rowMajorStrides(shape)));
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return c.reshape(node.input(0).dims());
    }
  }

  private static final class Permute extends Op.Single {
    private final int[] order;

    Permute(int[] order) {
      this.order = order;
    }

    @Override
    String name() {
      return "permute";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      View v = x.view();
      int[] shape = new int[order.length];
      int[] strides = new int[order.length];
      for (int i = 0; i < order.length; i++) {
        shape[i] = v.shape()[order[i]];
        strides[i] = v.strides()[order[i]];
      }
      return x.lookAt(new View(v.storage(), v.offset(), shape, strides));
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      int[] inverse = new int[order.length];
      for (int i = 0; i < order.length; i++) {
        inverse[order[i]] = i;
      }
      return c.permute(inverse);
    }
  }

  private static final class Broadcast extends Op.Single {
    private final int[] shape;

    Broadcast(int[] shape) {
      this.shape = shape;
    }

    @Override
    String name() {
      return "broadcastTo";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      View v = x.view();
      int lead = shape.length - v.rank();
      int[] strides = new int[shape.length];
      for (int axis = 0; axis < v.rank(); axis++) {
        strides[lead + axis] = v.shape()[axis] == 1 ? 0 : v.strides()[axis];
      }
      return x.lookAt(new View(v.storage(), v.offset(), shape, strides));
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return c.sumTo(node.input(0).dims());
    }
  }
}
