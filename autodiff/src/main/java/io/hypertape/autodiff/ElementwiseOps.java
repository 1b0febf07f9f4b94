package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.Locale;

/** Elementwise operations and their derivatives. */
final class ElementwiseOps {

  private static final Unary[] UNARY = new Unary[UnaryOp.values().length];
  private static final Binary[] BINARY = new Binary[BinaryOp.values().length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      UNARY[op.ordinal()] = new Unary(op);
    }
    for (BinaryOp op : BinaryOp.values()) {
      BINARY[op.ordinal()] = new Binary(op);
    }
  }

  private ElementwiseOps() {}

  static Tensor apply(UnaryOp op, Tensor x) {
    return x.session().apply(UNARY[op.ordinal()], x);
  }

  /** Broadcasts the operands against each other first. */
  static Tensor apply(BinaryOp op, Tensor a, Tensor b) {
    Binary node = BINARY[op.ordinal()];
    Nulls.check(b, node.name(), "other");
    int[] shape = Shapes.broadcast(node.name(), a.dims(), b.dims());
    return a.session().apply(node, a.broadcastTo(shape), b.broadcastTo(shape));
  }

  private static final class Unary extends Op.Single {
    private final UnaryOp op;

    Unary(UnaryOp op) {
      this.op = op;
    }

    @Override
    String name() {
      return op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor x = inputs.get(0).requireFloating(name());
      Tensor out = session.allocate(x.dims());
      session.backend().unary(op, x.view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Tensor x = node.input(0);
      Tensor y = node.output();
      return switch (op) {
        case NEG -> c.neg();
        case ABS -> c.mul(x.sign());
        case EXP -> c.mul(y);
        case LOG -> c.div(x);
        case SQRT -> c.mul(0.5).div(y);
        case SQUARE -> c.mul(x).mul(2);
        // Not c·y²: that square leaves the range of numbers before the product does.
        case RECIPROCAL -> c.mul(y).mul(y).neg();
        case TANH -> apply(BinaryOp.TANH_GRAD, c, y);
        case SIGMOID -> apply(BinaryOp.SIGMOID_GRAD, c, y);
        case RELU -> apply(BinaryOp.RELU_GRAD, c, y);
        case SIGN, HEAVISIDE -> null;
      };
    }
  }

  private static final class Binary extends Op.Single {
    private final BinaryOp op;

    Binary(BinaryOp op) {
      this.op = op;
    }

    @Override
    String name() {
      return op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor a = inputs.get(0).requireFloating(name());
      Tensor b = inputs.get(1).requireFloating(name());
      Tensor out = session.allocate(a.dims());
      session.backend().binary(op, a.view(), b.view(), out.view());
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Tensor a = node.input(0);
      Tensor b = node.input(1);
      return input == 0 ? first(node, c, a, b) : second(node, c, a, b);
    }

    private Tensor first(Node node, Tensor c, Tensor a, Tensor b) {
      return switch (op) {
        case ADD, SUB -> c;
        case MUL -> c.mul(b);
        case DIV -> c.div(b);
        case POW -> PowerRule.byBase(c, a, b);
        case MAX -> c.mul(larger(a, b));
        case MIN -> c.mul(larger(b, a));
        case EQUAL, GREATER -> null;
        case TANH_GRAD, SIGMOID_GRAD, RELU_GRAD -> apply(op, c, b);
      };
    }

    private Tensor second(Node node, Tensor c, Tensor a, Tensor b) {
      return switch (op) {
        case ADD -> c;
        case SUB -> c.neg();
        case MUL -> c.mul(a);
        case DIV -> c.mul(node.output()).div(b).neg();
        case POW -> PowerRule.byExponent(c, a, b, node.output());
        case MAX -> c.mul(larger(b, a));
        case MIN -> c.mul(larger(a, b));
        case EQUAL, GREATER, RELU_GRAD -> null;
        case TANH_GRAD -> c.mul(a).mul(b).mul(-2);
        case SIGMOID_GRAD -> c.mul(a).mul(b.mul(-2).add(1));
      };
    }

    /**
     * 1 where x is the larger, ½ where both are equal: ties share the cotangent. 1 too where either
     * is NaN, as the result is then.
     */
    private static Tensor larger(Tensor x, Tensor y) {
      return y.greaterThan(x).add(x.equalTo(y).mul(0.5)).neg().add(1);
    }
  }
}
