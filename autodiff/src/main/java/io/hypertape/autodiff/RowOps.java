package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.tensor.DType;
import java.util.List;

/** Operations on the rows of a matrix: log-softmax, and choosing one element a row. */
final class RowOps {

  private static final LogSoftmax LOG_SOFTMAX = new LogSoftmax();
  private static final LogSoftmaxGrad LOG_SOFTMAX_GRAD = new LogSoftmaxGrad();
  private static final Pick PICK = new Pick();

  private RowOps() {}

  static Tensor logSoftmax(Tensor x) {
    if (x.session().backend().has(LayerKernel.LOG_SOFTMAX)) {
      return x.session().apply(LOG_SOFTMAX, x);
    }
    // Any shift gives the same; the largest is what keeps e^x finite, and has no derivative.
    Tensor shifted = x.sub(matrix("logSoftmax", x).maxKeepDims(1).detach());
    return shifted.sub(shifted.exp().sumKeepDims(1).log());
  }

  /** Along any axis, which becomes the rows' for that. */
  static Tensor logSoftmax(Tensor x, int axis) {
    AxisOrder order = AxisOrder.toLast(x.rank(), Shapes.axis("logSoftmax", x.dims(), axis));
    Tensor turned = x.requireFloating("logSoftmax").permute(order.axes());
    if (x.size() == 0) {
      return x;
    }
    int classes = turned.dims()[x.rank() - 1];
    Tensor rows = x.rank() == 2 ? turned : turned.reshape(x.size() / classes, classes);
    return logSoftmax(rows).reshape(turned.dims()).permute(order.inverse());
  }

  static Tensor pick(Tensor x, Tensor index) {
    return x.session().apply(PICK, x, index);
  }

  static Tensor scatter(Tensor x, Tensor index, int columns) {
    return x.session().apply(new Scatter(columns), x, index);
  }

  private static Tensor matrix(String op, Tensor x) {
    if (x.requireFloating(op).rank() != 2) {
      throw new IllegalArgumentException(
          op + ": shape " + Shapes.text(x.dims()) + "; a matrix [rows, classes] is needed");
    }
    return x;
  }

  private static void checkIndex(String op, Tensor index, int rows) {
    if (index.dtype() != DType.I32 || index.rank() != 1 || index.dims()[0] != rows) {
      throw new IllegalArgumentException(
          op
              + ": index is "
              + index.dtype()
              + Shapes.text(index.dims())
              + "; I32["
              + rows
              + "] is needed, as from session.indices()");
    }
  }

  private static final class LogSoftmax extends Op.Single {
    @Override
    String name() {
      return "logSoftmax";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = matrix(name(), inputs.get(0));
      Tensor out = session.allocate(x.dims());
      session.backend().logSoftmax(x.view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return c.session().apply(LOG_SOFTMAX_GRAD, c, node.output());
    }
  }

  /** f(c, y) = c − exp(y)·Σ c along rows. */
  private static final class LogSoftmaxGrad extends Op.Single {
    @Override
    String name() {
      return "logSoftmaxGrad";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor c = matrix(name(), inputs.get(0));
      Tensor out = session.allocate(c.dims());
      session.backend().logSoftmaxGrad(c.view(), inputs.get(1).view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor d, int input) {
      Tensor c = node.input(0);
      Tensor y = node.input(1);
      int rows = c.dims()[0];
      if (input == 0) {
        return d.sub(d.mul(y.exp()).sum(1).reshape(rows, 1));
      }
      return d.mul(y.exp()).mul(c.sum(1).reshape(rows, 1)).neg();
    }
  }

  private static final class Pick extends Op.Single {
    @Override
    String name() {
      return "pick";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = matrix(name(), inputs.get(0));
      checkIndex(name(), inputs.get(1), x.dims()[0]);
      Tensor out = session.allocate(x.dims()[0]);
      session.backend().pick(x.view(), inputs.get(1).view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return scatter(c, node.input(1), node.input(0).dims()[1]);
    }
  }

  private static final class Scatter extends Op.Single {
    private final int columns;

    Scatter(int columns) {
      this.columns = columns;
    }

    @Override
    String name() {
      return "scatter";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0).requireFloating(name());
      if (x.rank() != 1) {
        throw new IllegalArgumentException(
            "scatter: shape " + Shapes.text(x.dims()) + "; a vector [rows] is needed");
      }
      checkIndex(name(), inputs.get(1), x.dims()[0]);
      if (columns < 0) {
        throw new IllegalArgumentException(
            "scatter: " + columns + " columns; a number of 0 or more is needed");
      }
      Tensor out = session.allocate(x.dims()[0], columns);
      session.backend().scatter(x.view(), inputs.get(1).view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return pick(c, node.input(1));
    }
  }
}
