package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import java.util.List;

/** A dense layer as one operation, where the backend has a kernel for it; else its definition. */
final class AffineOp {

  private static final AffineOp[] OPS = new AffineOp[Epilogue.values().length];

  static {
    for (Epilogue epilogue : Epilogue.values()) {
      OPS[epilogue.ordinal()] = new AffineOp(epilogue);
    }
  }

  private final Epilogue epilogue;
  private final FusedOp layer;
  // From the cotangent of the layer and its output to those of the sums and of the bias.
  private final FusedOp outer;

  private AffineOp(Epilogue epilogue) {
    this.epilogue = epilogue;
    this.layer =
        FusedOp.of("affine", in -> List.of(definition(in.get(0), in.get(1), in.get(2), epilogue)))
            .withKernel(new Kernel(epilogue))
            .withRule(this::vjp);
    FusedOp defined = FusedOp.of("affineGrad", in -> withBias(sums(in.get(0), in.get(1))));
    // Without a function the sums' cotangent is there already.
    this.outer = epilogue == Epilogue.NONE ? defined : defined.withKernel(new GradKernel(epilogue));
  }

  static Tensor apply(Tensor x, Tensor w, Tensor b, Epilogue epilogue) {
    check(x, w, b);
    return OPS[epilogue.ordinal()].layer.apply(List.of(x, w, b)).get(0);
  }

  static Tensor definition(Tensor x, Tensor w, Tensor b, Epilogue epilogue) {
    Tensor sums = x.matmulTransposed(w).add(b);
    return switch (epilogue) {
      case NONE -> sums;
      case TANH -> ElementwiseOps.apply(UnaryOp.TANH, sums);
      case RELU -> ElementwiseOps.apply(UnaryOp.RELU, sums);
      case SIGMOID -> ElementwiseOps.apply(UnaryOp.SIGMOID, sums);
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

  // y = f(z), z = x·Wᵀ + b: z̄ = f'·ȳ from the output y alone; x̄ = z̄·W, W̄ = z̄ᵀ·x, b̄ = Σ rows
  // of z̄.
  private Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    List<Tensor> z = sumsAndBias(node, cotangents[0], needed[2]);
    return new Tensor[] {
      needed[0] ? MatrixOps.matmul(z.get(0), false, node.input(1), false) : null,
      needed[1] ? MatrixOps.matmul(z.get(0), true, node.input(0), false) : null,
      needed[2] ? z.get(1) : null
    };
  }

  /** The kernel has no derivatives, and is worth it if both of its results are new and wanted. */
  private List<Tensor> sumsAndBias(Node node, Tensor cotangent, boolean bias) {
    if (bias && !cotangent.session().isRecording()) {
      return outer.apply(List.of(cotangent, node.output()));
    }
    Tensor sums = sums(cotangent, node.output());
    return bias ? withBias(sums) : List.of(sums);
  }

  private Tensor sums(Tensor c, Tensor y) {
    return switch (epilogue) {
      case NONE -> c;
      case TANH -> ElementwiseOps.apply(BinaryOp.TANH_GRAD, c, y);
      case RELU -> ElementwiseOps.apply(BinaryOp.RELU_GRAD, c, y);
      case SIGMOID -> ElementwiseOps.apply(BinaryOp.SIGMOID_GRAD, c, y);
    };
  }

  private static List<Tensor> withBias(Tensor sums) {
    return List.of(sums, sums.sumTo(sums.dims()[1]));
  }

  private record Kernel(Epilogue epilogue) implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.fusesAffine();
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      return List.of(new int[] {inputs.get(0)[0], inputs.get(1)[0]});
    }

    @Override
    public boolean readsStrides(int input) {
      return input < 2;
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.affine(in[0], in[1], in[2], epilogue, out[0]);
    }
  }

  private record GradKernel(Epilogue epilogue) implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.fusesAffine();
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      int[] sums = inputs.get(0);
      return List.of(sums, new int[] {sums[1]});
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.affineGrad(epilogue, in[0], in[1], out[0], out[1]);
    }
  }
}
