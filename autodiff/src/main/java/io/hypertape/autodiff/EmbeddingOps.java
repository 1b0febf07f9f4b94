package io.hypertape.autodiff;

import io.hypertape.tensor.DType;
import java.util.List;

/** Rows of a table by index, and their adjoint, which adds rows into a table of zeros. */
final class EmbeddingOps {

  private static final Gather GATHER = new Gather();

  private EmbeddingOps() {}

  static Tensor gather(Tensor table, Tensor index) {
    check(table, index);
    return table.session().apply(GATHER, table.contiguous(), index);
  }

  static void check(Tensor table, Tensor index) {
    if (table.requireFloating("embedding").rank() != 2) {
      throw new IllegalArgumentException(
          "embedding: the table has shape "
              + Shapes.text(table.dims())
              + "; a matrix [rows, columns] is needed");
    }
    if (index.dtype() != DType.I32 || index.rank() != 1 || !index.view().isContiguous()) {
      throw new IllegalArgumentException(
          "embedding: index is "
              + index.dtype()
              + Shapes.text(index.dims())
              + (index.view().isContiguous() ? "" : " with gaps")
              + "; dense I32[n] is needed, as from session.indices()");
    }
  }

  private static Tensor scatter(Tensor x, Tensor index, int rows) {
    return x.session().apply(new Scatter(rows), x.contiguous(), index);
  }

  private static final class Gather extends Op.Single {
    @Override
    String name() {
      return "embedding";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor table = inputs.get(0);
      Tensor index = inputs.get(1);
      Tensor out = session.allocate(index.dims()[0], table.dims()[1]);
      session.backend().gatherRows(table.view(), index.view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return scatter(c, node.input(1), node.input(0).dims()[0]);
    }
  }

  private static final class Scatter extends Op.Single {
    private final int rows;

    Scatter(int rows) {
      this.rows = rows;
    }

    @Override
    String name() {
      return "embeddingAdjoint";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0);
      Tensor out = session.allocate(rows, x.dims()[1]);
      session.backend().scatterRows(x.view(), inputs.get(1).view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      return gather(c, node.input(1));
    }
  }
}
