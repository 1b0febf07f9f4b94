package io.hypertape.autodiff;

import java.util.List;

/** A dense copy of a strided view. */
final class CopyOp extends Op.Single {

  private static final CopyOp COPY = new CopyOp();

  private CopyOp() {}

  static Tensor contiguous(Tensor x) {
    return x.view().isContiguous() ? x : x.session().apply(COPY, x);
  }

  @Override
  String name() {
    return "contiguous";
  }

  @Override
  Tensor compute(Session session, List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor out =
        FusedOp.isInteger(x) ? session.allocateIndices(x.dims()) : session.allocate(x.dims());
    session.backend().copy(x.view(), out.view());
    return out;
  }

  @Override
  Tensor vjp(Node node, Tensor c, int input) {
    return c;
  }
}
