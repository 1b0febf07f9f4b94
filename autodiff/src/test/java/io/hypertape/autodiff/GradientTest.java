package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Epilogue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives of every operation, to order 2, in float64 against central differences. */
class GradientTest {

  private static final double TOLERANCE = 1e-6;

  private static Arguments of(
      String name, Function<List<Tensor>, Tensor> function, int[]... shapes) {
    return Arguments.of(name, function, shapes);
  }

  private static int[] s(int... shape) {
    return shape;
  }

  static Stream<Arguments> operations() {
    return Stream.of(
        of("neg", x -> x.get(0).neg(), s(5)),
        of("abs", x -> x.get(0).sub(1.1).abs(), s(5)),
        of("exp", x -> x.get(0).exp(), s(2, 3)),
        of("log", x -> x.get(0).log(), s(5)),
        of("sqrt", x -> x.get(0).sqrt(), s(5)),
        of("square", x -> x.get(0).square(), s(5)),
        of("reciprocal", x -> x.get(0).reciprocal(), s(5)),
        of("tanh", x -> x.get(0).tanh(), s(3, 2)),
        of("sigmoid", x -> x.get(0).sigmoid(), s(5)),
        of("relu", x -> x.get(0).sub(1.1).relu().square(), s(5)),
        of("sign", x -> x.get(0).sign().mul(x.get(0)), s(4)),
        of("heaviside", x -> x.get(0).sub(1.1).heaviside().mul(x.get(0).square()), s(5)),
        of("add", x -> x.get(0).add(x.get(1)).square(), s(3, 4), s(4)),
        of("sub", x -> x.get(0).sub(x.get(1)).square(), s(3, 1), s(1, 4)),
        of("mul", x -> x.get(0).mul(x.get(1)), s(3, 4), s(3, 1)),
        of("mul by itself", x -> x.get(0).mul(x.get(0)).mul(x.get(0)), s(4)),
        of("div", x -> x.get(0).div(x.get(1)), s(3, 4), s(4)),
        of("pow", x -> x.get(0).pow(x.get(1)), s(5), s(5)),
        of("pow of a constant exponent", x -> x.get(0).pow(2.5), s(5)),
        of("maximum", x -> x.get(0).maximum(x.get(1)).square(), s(6), s(6)),
        of("minimum", x -> x.get(0).minimum(x.get(1)).square(), s(6), s(6)),
        of("equalTo", x -> x.get(0).equalTo(x.get(1)).mul(x.get(0).square()), s(3), s(3)),
        of("greaterThan", x -> x.get(0).greaterThan(x.get(1)).mul(x.get(0).square()), s(4), s(4)),
        of("sum", x -> x.get(0).sum().square(), s(2, 3)),
        of("sum of an axis", x -> x.get(0).sum(1).square(), s(2, 3, 2)),
        of("sum of two axes", x -> x.get(0).sum(0, -1).square(), s(2, 3, 2)),
        of("mean", x -> x.get(0).mean(0).square(), s(4, 3)),
        of("max", x -> x.get(0).max(1).square(), s(4, 3)),
        of("min", x -> x.get(0).min().square(), s(4, 3)),
        of("sumTo", x -> x.get(0).sumTo(3, 1).square(), s(2, 3, 4)),
        of("broadcastTo", x -> x.get(0).broadcastTo(2, 3, 4).square(), s(3, 1)),
        of("reshape", x -> x.get(0).reshape(3, -1).square(), s(2, 6)),
        of("permute", x -> x.get(0).permute(2, 0, 1).square(), s(2, 3, 4)),
        of("transpose then reshape", x -> x.get(0).transpose().reshape(6).square(), s(2, 3)),
        of("contiguous", x -> x.get(0).transpose().contiguous().square(), s(2, 3)),
        of("slice", x -> x.get(0).slice(1, 1, 3).square(), s(2, 4)),
        of("slice in steps", x -> x.get(0).slice(0, 1, 7, 3).square(), s(7, 2)),
        of("slices used twice", x -> halves(x.get(0)), s(3, 4)),
        of("pad", x -> x.get(0).pad(-1, 2, 1).add(0.5).square(), s(2, 3)),
        of(
            "concat",
            x -> Tensor.concat(1, List.of(x.get(0), x.get(1), x.get(0))).square(),
            s(2, 3),
            s(2, 1)),
        of("matmul", x -> x.get(0).matmul(x.get(1)).square(), s(3, 4), s(4, 2)),
        of("matmulTransposed", x -> x.get(0).matmulTransposed(x.get(1)).square(), s(3, 4), s(2, 4)),
        of(
            "matmul with transposed first",
            x -> MatrixOps.matmul(x.get(0), true, x.get(1), false).square(),
            s(4, 3),
            s(4, 2)),
        of(
            "matmul with both transposed",
            x -> MatrixOps.matmul(x.get(0), true, x.get(1), true).square(),
            s(4, 3),
            s(2, 4)),
        of("affine", x -> affine(x, Epilogue.NONE), s(3, 4), s(2, 4), s(2)),
        of("affine, tanh", x -> affine(x, Epilogue.TANH), s(3, 4), s(2, 4), s(2)),
        of("affine, relu", x -> affine(x, Epilogue.RELU), s(3, 4), s(2, 4), s(2)),
        of("affine, sigmoid", x -> affine(x, Epilogue.SIGMOID), s(3, 4), s(2, 4), s(2)),
        of("logSoftmax", x -> x.get(0).logSoftmax(), s(3, 4)),
        of("softmax", x -> x.get(0).softmax(), s(3, 4)),
        of("pick", x -> x.get(0).pick(labels(x)).square(), s(3, 4)),
        of("scatter", x -> x.get(0).scatter(labels(x), 4).square(), s(3)),
        of(
            "a network",
            x ->
                x.get(0)
                    .matmulTransposed(x.get(1))
                    .add(x.get(2))
                    .tanh()
                    .logSoftmax()
                    .pick(labels(x))
                    .mean()
                    .neg(),
            s(3, 4),
            s(5, 4),
            s(5)));
  }

  private static Tensor halves(Tensor x) {
    Tensor left = x.slice(1, 0, 2);
    return left.mul(x.slice(1, 2, 4)).add(left.matmulTransposed(left).sum(1).reshape(3, 1));
  }

  private static Tensor affine(List<Tensor> x, Epilogue function) {
    return x.get(0).affine(x.get(1), x.get(2).sub(2), function).square();
  }

  private static Tensor labels(List<Tensor> x) {
    return x.get(0).session().indices(2, 0, 3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void agreesWithDifferences(String name, Function<List<Tensor>, Tensor> function, int[][] shapes) {
    check(name, function, shapes);
  }

  /** Inputs are uniform on [0.4, 1.9). */
  static void check(String name, Function<List<Tensor>, Tensor> function, int[][] shapes) {
    try (Session session = Session.open(Device.REFERENCE)) {
      List<Tensor> inputs = new ArrayList<>();
      for (int i = 0; i < shapes.length; i++) {
        double[] values = session.uniform(shapes[i], 11, i).toDoubles();
        for (int j = 0; j < values.length; j++) {
          values[j] = 0.4 + 1.5 * values[j];
        }
        inputs.add(session.tensor(values, shapes[i]));
      }
      double worst = new GradientCheck(session, function).worstError(2, inputs);
      assertTrue(worst < TOLERANCE, name + ": worst error " + worst);
    }
  }
}
