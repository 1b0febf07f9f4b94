package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import java.util.List;

/** Matrix product, with either factor transposed so that every derivative comes out row-major. */
final class MatrixOps {

  private static final Matmul[] PRODUCTS = {
    new Matmul(false, false),
    new Matmul(false, true),
    new Matmul(true, false),
    new Matmul(true, true)
  };

  private MatrixOps() {}

  static Tensor matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    if (a.rank() + b.rank() > 4 && a.rank() > 1 && b.rank() > 1) {
      return BatchedMatmul.matmul(a, transposeA, b, transposeB);
    }
    return a.session().apply(PRODUCTS[(transposeA ? 2 : 0) + (transposeB ? 1 : 0)], a, b);
  }

  static View turned(View v, boolean transpose) {
    return transpose ? v.transposed() : v;
  }

  static IllegalArgumentException misfit(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, int columns, int rows) {
    return new IllegalArgumentException(
        "matmul: shapes "
            + described(a, transposeA, b, transposeB)
            + " do not fit: the first has "
            + columns
            + " columns, the second "
            + rows
            + " rows, which must be equal");
  }

  static String described(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    return Shapes.text(a.dims())
        + (transposeA ? "ᵀ" : "")
        + " and "
        + Shapes.text(b.dims())
        + (transposeB ? "ᵀ" : "");
  }

  private static final class Matmul extends Op.Single {
    private final boolean transposeA;
    private final boolean transposeB;

    Matmul(boolean transposeA, boolean transposeB) {
      this.transposeA = transposeA;
      this.transposeB = transposeB;
    }

    @Override
    String name() {
      return "matmul";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor a = inputs.get(0).requireFloating(name());
      Tensor b = inputs.get(1).requireFloating(name());
      if (a.rank() != 2 || b.rank() != 2) {
        throw new IllegalArgumentException(
            "matmul: shapes "
                + described(a, transposeA, b, transposeB)
                + "; two matrices, or stacks of matrices, are needed");
      }
      View va = turned(a.view(), transposeA);
      View vb = turned(b.view(), transposeB);
      if (va.shape()[1] != vb.shape()[0]) {
        throw misfit(a, transposeA, b, transposeB, va.shape()[1], vb.shape()[0]);
      }
      Tensor out = session.allocate(va.shape()[0], vb.shape()[1]);
      session.backend().gemm(va, vb, 0, out.view());
      return out;
    }

    // C = A·B with A [m,k], B [k,n]: Ā = C̄·Bᵀ [m,k], B̄ = Aᵀ·C̄ [k,n]; transposed factors
    // exchange the order so that Ā and B̄ have the layout of what they belong to.
    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Tensor a = node.input(0);
      Tensor b = node.input(1);
      if (input == 0) {
        return transposeA ? matmul(b, transposeB, c, true) : matmul(c, false, b, !transposeB);
      }
      return transposeB ? matmul(c, true, a, transposeA) : matmul(a, !transposeA, c, false);
    }
  }
}
