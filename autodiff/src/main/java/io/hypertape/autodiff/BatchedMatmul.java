package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import java.util.Arrays;
import java.util.List;

/** Products of stacks of matrices, one after the other; either factor may be transposed. */
final class BatchedMatmul extends Op.Single {

  private final boolean transposeA;
  private final boolean transposeB;

  private BatchedMatmul(boolean transposeA, boolean transposeB) {
    this.transposeA = transposeA;
    this.transposeB = transposeB;
  }

  /** Of factors of rank 2 or more; axes before the last two are broadcast. */
  static Tensor matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    int[] matrixA = matrix(a.requireFloating("matmul").dims(), transposeA);
    int[] matrixB = matrix(b.requireFloating("matmul").dims(), transposeB);
    if (matrixA[1] != matrixB[0]) {
      throw MatrixOps.misfit(a, transposeA, b, transposeB, matrixA[1], matrixB[0]);
    }
    if (b.rank() == 2 && !transposeA) {
      // One factor for all: their rows below each other make one product.
      int[] shape = a.dims().clone();
      shape[shape.length - 1] = matrixB[1];
      int rows = Shapes.size(Arrays.copyOf(shape, shape.length - 1));
      Tensor stacked = a.reshape(rows, matrixA[1]);
      return MatrixOps.matmul(stacked, false, b, transposeB).reshape(shape);
    }
    int[] lead = lead(a, transposeA, b, transposeB);
    return a.session()
        .apply(new BatchedMatmul(transposeA, transposeB), stack(a, lead), stack(b, lead));
  }

  /** Rows and columns as the product sees them. */
  private static int[] matrix(int[] shape, boolean transposed) {
    int rows = shape[shape.length - 2];
    int columns = shape[shape.length - 1];
    return transposed ? new int[] {columns, rows} : new int[] {rows, columns};
  }

  private static int[] lead(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    int[] leadA = Arrays.copyOf(a.dims(), a.rank() - 2);
    int[] leadB = Arrays.copyOf(b.dims(), b.rank() - 2);
    try {
      return Shapes.broadcast("matmul", leadA, leadB);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "matmul: shapes "
              + MatrixOps.described(a, transposeA, b, transposeB)
              + " do not fit: their stacks "
              + Shapes.text(leadA)
              + " and "
              + Shapes.text(leadB)
              + " do not broadcast; aligned at the last axis, lengths must be equal or one of them 1",
          e);
    }
  }

  private static Tensor stack(Tensor x, int... lead) {
    int[] shape = Arrays.copyOf(lead, lead.length + 2);
    System.arraycopy(x.dims(), x.rank() - 2, shape, lead.length, 2);
    return x.broadcastTo(shape);
  }

  @Override
  String name() {
    return "matmul";
  }

  @Override
  Tensor compute(Session session, List<Tensor> inputs) {
    View a = inputs.get(0).view();
    View b = inputs.get(1).view();
    int rank = a.rank();
    int[] shape = a.shape().clone();
    shape[rank - 2] = matrix(a.shape(), transposeA)[0];
    shape[rank - 1] = matrix(b.shape(), transposeB)[1];
    Tensor out = session.allocate(Shapes.checked(shape));
    int[] lead = Arrays.copyOf(shape, rank - 2);
    int products = out.size() == 0 ? 0 : Shapes.size(lead);
    int[] place = new int[lead.length];
    for (int i = 0; i < products; i++) {
      session
          .backend()
          .gemm(
              MatrixOps.turned(matrixAt(a, place), transposeA),
              MatrixOps.turned(matrixAt(b, place), transposeB),
              0,
              matrixAt(out.view(), place));
      advance(place, lead);
    }
    return out;
  }

  private static View matrixAt(View stack, int... place) {
    int rank = stack.rank();
    int offset = stack.offset();
    for (int axis = 0; axis < place.length; axis++) {
      offset += place[axis] * stack.strides()[axis];
    }
    return new View(
        stack.storage(),
        offset,
        Arrays.copyOfRange(stack.shape(), rank - 2, rank),
        Arrays.copyOfRange(stack.strides(), rank - 2, rank));
  }

  private static void advance(int[] place, int... lengths) {
    int axis = place.length - 1;
    while (axis >= 0 && ++place[axis] == lengths[axis]) {
      place[axis--] = 0;
    }
  }

  // As of single matrices, see MatrixOps; here both have the same stack.
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
