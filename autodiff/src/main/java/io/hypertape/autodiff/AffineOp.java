package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import java.util.List;

/** A dense layer as one operation, where the backend has a kernel for it; else its definition. */
final class AffineOp extends Op {

  private static final AffineOp[] OPS = new AffineOp[Epilogue.values().length];

  static {
    for (Epilogue epilogue : Epilogue.values()) {
      OPS[epilogue.ordinal()] = new AffineOp(epilogue);
    }
  }

  private final Epilogue epilogue;

  private AffineOp(Epilogue epilogue) {
    this.epilogue = epilogue;
  }

  static Tensor apply(Tensor x, Tensor w, Tensor b, Epilogue epilogue) {
    check(x, w, b);
    return x.session().backend().fusesAffine()
        ? x.session().apply(OPS[epilogue.ordinal()], List.of(x, w, b)).get(0)
        : definition(x, w, b, epilogue);
  }

  static Tensor definition(Tensor x, Tensor w, Tensor b, Epilogue epilogue) {
    Tensor sums = x.matmulTransposed(w).add(b);
    return switch (epilogue) {
      case NONE -> sums;
      case TANH -> Elementwise.apply(UnaryOp.TANH, sums);
      case RELU -> Elementwise.apply(UnaryOp.RELU, sums);
      case SIGMOID -> Elementwise.apply(UnaryOp.SIGMOID, sums);
    };
  }

  private static void check(Tensor x, Tensor w, Tensor b) {
    x.requireFloating("affine");
    w.requireFloating("affine");
    b.requireFloating("affine");
    if (x.rank() != 2
        || w.rank() != 2
        || b.rank() != 1
        || x.dims()[1] != w.dims()[1]
        || b.dims()[0] != w.dims()[0]) {
      throw new IllegalArgumentException(
          "affine: shapes "
              + Shapes.text(x.dims())
              + ", "
              + Shapes.text(w.dims())
              + " and "
              + Shapes.text(b.dims())
              + " do not fit; x [m, k], weight [n, k] and bias [n] are needed");
    }
  }

  @Override
  String name() {
    return "affine";
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor w = inputs.get(1);
    View bias = inputs.get(2).denseView();
    Tensor out = session.allocate(x.dims()[0], w.dims()[0]);
    session.backend().affine(x.view(), w.view(), bias, epilogue, out.view());
    return List.of(out);
  }

  // y = f(z), z = x·Wᵀ + b: z̄ = f'·ȳ from the output y alone; x̄ = z̄·W, W̄ = z̄ᵀ·x, b̄ = Σ rows
  // of z̄.
  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    Session session = node.output().session();
    // The kernel has no derivatives, and is worth it if both of its results are new and wanted.
    boolean fused =
        epilogue != Epilogue.NONE
            && needed[2]
            && !session.isRecording()
            && session.backend().fusesAffine();
    Tensor[] outer =
        fused
            ? fromKernel(session, cotangents[0], node)
            : fromDefinition(cotangents[0], node, needed[2]);
    return new Tensor[] {
      needed[0] ? MatrixOps.matmul(outer[0], false, node.input(1), false) : null,
      needed[1] ? MatrixOps.matmul(outer[0], true, node.input(0), false) : null,
      outer[1]
    };
  }

  /** The cotangents of the sums and, if it is needed, of the bias. */
  private Tensor[] fromDefinition(Tensor c, Node node, boolean bias) {
    Tensor sums =
        switch (epilogue) {
          case NONE -> c;
          case TANH -> Elementwise.apply(BinaryOp.TANH_GRAD, c, node.output());
          case RELU -> Elementwise.apply(BinaryOp.RELU_GRAD, c, node.output());
          case SIGMOID -> Elementwise.apply(BinaryOp.SIGMOID_GRAD, c, node.output());
        };
    return new Tensor[] {sums, bias ? sums.sumTo(node.input(2).dims()) : null};
  }

  private Tensor[] fromKernel(Session session, Tensor c, Node node) {
    View cotangent = c.denseView();
    Tensor sums = session.allocate(node.output().dims());
    Tensor bias = session.allocate(node.input(2).dims());
    session
        .backend()
        .affineGrad(epilogue, cotangent, node.output().view(), sums.view(), bias.view());
    return new Tensor[] {sums, bias};
  }
}
