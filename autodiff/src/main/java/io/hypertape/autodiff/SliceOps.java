package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parts of an axis: taking them, placing them among zeros, joining them. */
final class SliceOps {

  private SliceOps() {}

  static Tensor slice(Tensor x, int axis, int from, int to, int step) {
    int at = Shapes.axis("slice", x.dims(), axis);
    int length = x.dims()[at];
    if (from < 0 || from > to || to > length || step < 1) {
      throw new IllegalArgumentException(
          "slice: from "
              + from
              + " to "
              + to
              + " in steps of "
              + step
              + " along axis "
              + at
              + " of "
              + Shapes.text(x.dims())
              + "; 0 ≤ from ≤ to ≤ "
              + length
              + " and a step of at least 1 are needed");
    }
    if (from == 0 && to == length && step == 1) {
      return x;
    }
    return x.session().apply(new Slice(at, from, Math.ceilDiv(to - from, step), step), x);
  }

  static Tensor pad(Tensor x, int axis, int before, int after) {
    int at = Shapes.axis("pad", x.dims(), axis);
    if (before < 0 || after < 0) {
      throw new IllegalArgumentException(
          "pad: "
              + before
              + " before and "
              + after
              + " after axis "
              + at
              + " of "
              + Shapes.text(x.dims())
              + "; 0 or more are needed, or slice()");
    }
    if (before == 0 && after == 0) {
      return x;
    }
    return place(x, at, before, 1, before + x.dims()[at] + after);
  }

  private static Tensor place(Tensor x, int axis, int from, int step, int length) {
    return x.session().apply(new Place(axis, from, step, length), x);
  }

  static Tensor concat(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: no tensors; at least one is needed");
    }
    Tensor first = parts.get(0);
    int at = Shapes.axis("concat", first.dims(), axis);
    for (Tensor part : parts) {
      int[] like = first.dims().clone();
      like[at] = part.rank() == like.length ? part.dims()[at] : -1;
      if (!Arrays.equals(like, part.dims())) {
        throw new IllegalArgumentException(
            "concat: shapes "
                + Shapes.text(first.dims())
                + " and "
                + Shapes.text(part.dims())
                + " do not fit: they may differ along axis "
                + at
                + " only");
      }
    }
    return parts.size() == 1
        ? first
        : first.session().apply(new Concat(at), List.copyOf(parts)).get(0);
  }

  /** Every step-th of an axis' elements, count of them. */
  private static View part(View v, int axis, int from, int step, int count) {
    int[] shape = v.shape().clone();
    int[] strides = v.strides().clone();
    shape[axis] = count;
    strides[axis] *= step;
    // An empty part has no first element: its offset must not point behind the buffer.
    int offset = count == 0 ? v.offset() : v.offset() + from * v.strides()[axis];
    return new View(v.storage(), offset, shape, strides);
  }

  private static final class Slice extends Op.Single {
    private final int axis;
    private final int from;
    private final int count;
    private final int step;

    Slice(int axis, int from, int count, int step) {
      this.axis = axis;
      this.from = from;
      this.count = count;
      this.step = step;
    }

    @Override
    String name() {
      return "slice";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      View seen = part(x.view(), axis, from, step, count);
      if (x.dtype() == DType.I32 && !seen.isContiguous()) {
        throw new IllegalArgumentException(
            "slice: of an I32 tensor of shape "
                + Shapes.text(x.dims())
                + " along axis "
                + axis
                + " gaps would be left; consecutive elements of the first axis would fit");
      }
      return x.lookAt(seen);
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return place(c, axis, from, step, node.input(0).dims()[axis]);
    }
  }

  /** The adjoint of a slice: its elements where they were, zeros elsewhere. */
  private static final class Place extends Op.Single {
    private final int axis;
    private final int from;
    private final int step;
    private final int length;

    Place(int axis, int from, int step, int length) {
      this.axis = axis;
      this.from = from;
      this.step = step;
      this.length = length;
    }

    @Override
    String name() {
      return "pad";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0).requireFloating(name());
      int[] shape = x.dims().clone();
      shape[axis] = length;
      Tensor out = session.allocate(Shapes.checked(shape));
      session.backend().fill(0, out.view());
      if (x.size() > 0) {
        session.backend().copy(x.view(), part(out.view(), axis, from, step, x.dims()[axis]));
      }
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      int count = node.input(0).dims()[axis];
      return c.session().apply(new Slice(axis, from, count, step), c);
    }
  }

  private static final class Concat extends Op {
    private final int axis;

    Concat(int axis) {
      this.axis = axis;
    }

    @Override
    String name() {
      return "concat";
    }

    @Override
    List<Tensor> forward(Session session, List<Tensor> inputs) {
      int[] shape = inputs.get(0).dims().clone();
      shape[axis] = 0;
      for (Tensor part : inputs) {
        shape[axis] = Math.addExact(shape[axis], part.requireFloating(name()).dims()[axis]);
      }
      Tensor out = session.allocate(Shapes.checked(shape));
      int from = 0;
      for (Tensor x : inputs) {
        int count = x.dims()[axis];
        if (x.size() > 0) {
          session.backend().copy(x.view(), part(out.view(), axis, from, 1, count));
        }
        from += count;
      }
      return List.of(out);
    }

    @Override
    Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
      List<Tensor> result = new ArrayList<>();
      int from = 0;
      for (int i = 0; i < needed.length; i++) {
        int to = from + node.input(i).dims()[axis];
        result.add(needed[i] ? slice(cotangents[0], axis, from, to, 1) : null);
        from = to;
      }
      return result.toArray(Tensor[]::new);
    }
  }
}
