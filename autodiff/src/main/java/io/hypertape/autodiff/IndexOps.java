package io.hypertape.autodiff;

import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Elements and slices along an axis by index, made of choices from rows. */
final class IndexOps {

  private IndexOps() {}

  static Tensor take(Tensor x, int axis, Tensor index) {
    int at = Shapes.axis("take", x.requireFloating("take").dims(), axis);
    if (index.dtype() != DType.I32 || index.rank() != 1) {
      throw new IllegalArgumentException(
          "take: index is "
              + index.dtype()
              + Shapes.text(index.dims())
              + "; I32[n] is needed, as from session.indices()");
    }
    AxisOrder order = AxisOrder.toFirst(x.rank(), at);
    Tensor turned = x.permute(order.axes());
    int[] shape = turned.dims().clone();
    int length = shape[0];
    shape[0] = 1;
    Tensor table = turned.reshape(length, Shapes.size(shape));
    shape[0] = index.size();
    return EmbeddingOps.gather(table, index.contiguous()).reshape(shape).permute(order.inverse());
  }

  static Tensor gather(Tensor x, int axis, Tensor index) {
    int at = Shapes.axis("gather", x.requireFloating("gather").dims(), axis);
    checkIndex(x, at, index);
    if (index.size() == 0) {
      return x.session().allocate(index.dims());
    }
    Tensor read = x;
    for (int other = 0; other < x.rank(); other++) {
      read = other == at ? read : read.slice(other, 0, index.dims()[other]);
    }
    AxisOrder order = AxisOrder.toLast(x.rank(), at);
    int taken = index.dims()[at];
    int lines = index.size() / taken;
    Tensor rows = read.permute(order.axes()).reshape(lines, x.dims()[at]);
    Tensor found = taken <= lines ? byPlace(rows, at, index) : byLine(rows, order, index);
    int[] shape = index.permute(order.axes()).dims();
    return found.reshape(shape).permute(order.inverse());
  }

  /** One element of every line at a time. */
  private static Tensor byPlace(Tensor rows, int at, Tensor index) {
    int lines = rows.dims()[0];
    int taken = index.dims()[at];
    Tensor places =
        index.permute(AxisOrder.toFirst(index.rank(), at).axes()).reshape(taken * lines);
    List<Tensor> parts = new ArrayList<>();
    for (int k = 0; k < taken; k++) {
      Tensor place = places.slice(0, k * lines, (k + 1) * lines);
      parts.add(rows.pick(place).reshape(lines, 1));
    }
    return Tensor.concat(1, parts);
  }

  /** All elements of one line at a time. */
  private static Tensor byLine(Tensor rows, AxisOrder order, Tensor index) {
    int lines = rows.dims()[0];
    int taken = index.size() / lines;
    Tensor places = index.permute(order.axes()).reshape(taken * lines);
    List<Tensor> parts = new ArrayList<>();
    for (int line = 0; line < lines; line++) {
      Tensor table = rows.slice(0, line, line + 1).reshape(rows.dims()[1], 1);
      Tensor place = places.slice(0, line * taken, (line + 1) * taken);
      parts.add(EmbeddingOps.gather(table, place).reshape(1, taken));
    }
    return Tensor.concat(0, parts);
  }

  private static void checkIndex(Tensor x, int at, Tensor index) {
    boolean fits = index.dtype() == DType.I32 && index.rank() == x.rank();
    int[] most = x.dims().clone();
    for (int axis = 0; fits && axis < most.length; axis++) {
      fits = axis == at || index.dims()[axis] <= most[axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "gather: index is "
              + index.dtype()
              + Shapes.text(index.dims())
              + " for axis "
              + at
              + " of "
              + Shapes.text(x.dims())
              + "; I32 of "
              + most.length
              + " axes is needed, along the others at most as long");
    }
  }
}
