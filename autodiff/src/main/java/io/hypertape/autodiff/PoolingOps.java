package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Pooling;
import java.util.List;

/**
 * Pooling. A maximum is a choice of elements: its derivative puts cotangents where they were
 * chosen, and that one's derivative takes from there. An average and its adjoint are linear.
 */
final class PoolingOps {

  private PoolingOps() {}

  static Tensor max(Tensor x, Pooling form) {
    int[] shape = checkedOutput("maxPool", x, form);
    if (!x.session().backend().has(LayerKernel.MAX_POOL)) {
      return PoolingDefinition.max(x, form, shape);
    }
    Tensor dense = x.contiguous();
    return x.session().apply(new Max(form, shape), List.of(dense)).get(0);
  }

  static Tensor average(Tensor x, Pooling form) {
    int[] shape = checkedOutput("averagePool", x, form);
    return x.session().backend().has(LayerKernel.AVERAGE_POOL)
        ? linear(Kind.AVERAGE, form, x, shape)
        : PoolingDefinition.average(x, form, shape);
  }

  private static int[] checkedOutput(String op, Tensor x, Pooling form) {
    int[] in = LayerShapes.images(op, x).dims();
    int height = form.outputHeight(in[2]);
    int width = form.outputWidth(in[3]);
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          op
              + ": windows "
              + form.windowHeight()
              + "×"
              + form.windowWidth()
              + " do not fit into images "
              + Shapes.text(in)
              + " with padding "
              + form.padHeight()
              + "×"
              + form.padWidth());
    }
    return new int[] {in[0], in[1], height, width};
  }

  private static Tensor linear(Kind kind, Pooling form, Tensor x, int[] shape) {
    return x.session().apply(new Linear(kind, form, shape), x.contiguous());
  }

  private static Tensor choose(Kind kind, Pooling form, Tensor x, Tensor index, int[] shape) {
    return x.session().apply(new Choice(kind, form, shape), x.contiguous(), index);
  }

  private enum Kind {
    AVERAGE,
    AVERAGE_ADJOINT,
    GATHER,
    SCATTER
  }

  /** Outputs are the maxima, and where they are. */
  private static final class Max extends Op {
    private final Pooling form;
    private final int[] shape;

    Max(Pooling form, int... shape) {
      this.form = form;
      this.shape = shape;
    }

    @Override
    String name() {
      return "maxPool";
    }

    @Override
    List<Tensor> forward(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      Tensor y = session.allocate(shape);
      Tensor index = session.allocateIndices(shape);
      if (y.size() > 0) {
        session.backend().maxPool(form, x.view(), y.view(), index.view());
      }
      return List.of(y, index);
    }

    @Override
    Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
      Tensor index = node.outputs().get(1).detach();
      int[] images = node.input(0).dims();
      return new Tensor[] {choose(Kind.SCATTER, form, cotangents[0], index, images)};
    }
  }

  /** Inputs are values and where they go to or come from. */
  private static final class Choice extends Op.Single {
    private final Kind kind;
    private final Pooling form;
    private final int[] shape;

    Choice(Kind kind, Pooling form, int[] shape) {
      this.kind = kind;
      this.form = form;
      this.shape = shape;
    }

    @Override
    String name() {
      return kind == Kind.GATHER ? "maxPoolGather" : "maxPoolScatter";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      View in = inputs.get(0).view();
      View index = inputs.get(1).view();
      Tensor out = session.allocate(shape);
      if (in.size() == 0) {
        session.backend().fill(0, out.view());
      } else if (kind == Kind.GATHER) {
        session.backend().maxPoolGather(form, in, index, out.view());
      } else {
        session.backend().maxPoolScatter(form, in, index, out.view());
      }
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Kind adjoint = kind == Kind.GATHER ? Kind.SCATTER : Kind.GATHER;
      return choose(adjoint, form, c, node.input(1), node.input(0).dims());
    }
  }

  private static final class Linear extends Op.Single {
    private final Kind kind;
    private final Pooling form;
    private final int[] shape;

    Linear(Kind kind, Pooling form, int[] shape) {
      this.kind = kind;
      this.form = form;
      this.shape = shape;
    }

    @Override
    String name() {
      return kind == Kind.AVERAGE ? "averagePool" : "averagePoolAdjoint";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      View in = inputs.get(0).view();
      Tensor out = session.allocate(shape);
      if (in.size() == 0) {
        session.backend().fill(0, out.view());
      } else if (kind == Kind.AVERAGE) {
        session.backend().averagePool(form, in, out.view());
      } else {
        session.backend().averagePoolAdjoint(form, in, out.view());
      }
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Kind adjoint = kind == Kind.AVERAGE ? Kind.AVERAGE_ADJOINT : Kind.AVERAGE;
      return linear(adjoint, form, c, node.input(0).dims());
    }
  }
}
