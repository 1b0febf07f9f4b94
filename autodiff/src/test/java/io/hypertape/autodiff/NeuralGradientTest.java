package io.hypertape.autodiff;

import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives of what layers compute, to order 2, in float64 against central differences. */
class NeuralGradientTest {

  private static Arguments of(
      String name, Function<List<Tensor>, Tensor> function, int[]... shapes) {
    return Arguments.of(name, function, shapes);
  }

  private static int[] s(int... shape) {
    return shape;
  }

  static Stream<Arguments> operations() {
    return Stream.of(
        of(
            "convolution",
            x -> NeuralOps.convolution(x.get(0), x.get(1), Convolution.of(1, 0)).square(),
            s(2, 2, 3, 4),
            s(3, 2, 2, 2)),
        of(
            "convolution with strides, padding, dilation and groups",
            x ->
                NeuralOps.convolution(x.get(0), x.get(1), new Convolution(2, 1, 1, 2, 1, 2, 2))
                    .square(),
            s(1, 4, 4, 3),
            s(2, 2, 3, 2)),
        of(
            "convolution of transposed images",
            x ->
                NeuralOps.convolution(
                        x.get(0).permute(0, 1, 3, 2),
                        x.get(1).permute(1, 0, 2, 3),
                        Convolution.of(1, 1))
                    .square(),
            s(1, 2, 3, 2),
            s(2, 1, 2, 2)),
        of("maxPool", x -> NeuralOps.maxPool(x.get(0), Pooling.of(2)).square(), s(2, 2, 4, 4)),
        of(
            "maxPool of overlapping windows",
            x -> NeuralOps.maxPool(x.get(0), new Pooling(3, 2, 2, 1, 1, 1)).square(),
            s(1, 2, 4, 3)),
        of(
            "averagePool of overlapping windows",
            x -> NeuralOps.averagePool(x.get(0), new Pooling(3, 2, 2, 1, 1, 1)).square(),
            s(1, 2, 4, 3)),
        of("globalAveragePool", x -> NeuralOps.globalAveragePool(x.get(0)).square(), s(2, 2, 2, 3)),
        of(
            "batchNorm",
            x -> NeuralOps.batchNorm(x.get(0), x.get(1), x.get(2), 1e-2).y().square(),
            s(2, 2, 2, 1),
            s(2),
            s(2)),
        of(
            "batchNorm of features",
            x -> NeuralOps.batchNorm(x.get(0), x.get(1), x.get(2), 1e-1).y().tanh(),
            s(4, 3),
            s(3),
            s(3)),
        of(
            "normalize",
            x ->
                NeuralOps.normalize(x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), 1e-3)
                    .square(),
            s(2, 2, 1, 2),
            s(2),
            s(2),
            s(2),
            s(2)),
        of(
            "embedding",
            x ->
                NeuralOps.embedding(x.get(0), x.get(0).session().indices(2, 0, 2, 3))
                    .mul(x.get(1))
                    .square(),
            s(4, 2),
            s(4, 2)),
        of("dropout", x -> dropped(x.get(0)).square(), s(3, 4)),
        of("lstm", x -> all(lstm(x, 1)), lstmShapes(2, 2, 3, 2, 1)),
        of("lstm of two layers", x -> all(lstm(x, 2)), lstmShapes(2, 1, 2, 2, 2)),
        of(
            "lstm's last output alone",
            x -> lstm(x, 1).output().slice(0, 1, 2),
            lstmShapes(2, 2, 1, 2, 1)),
        of(
            "lstm's cell state alone",
            x -> lstm(x, 1).cell().orElseThrow(),
            lstmShapes(2, 1, 2, 2, 1)),
        of(
            "lstm whose states and biases are one tensor each",
            x -> all(NeuralOps.lstm(x.get(0).sub(1), x.get(1), x.get(1), shared(weights(x, 2, 1)))),
            gruLike(lstmShapes(2, 1, 2, 2, 1))),
        of("gru", x -> all(gru(x, 1)), gruShapes(2, 2, 3, 2, 1)),
        of("gru of two layers", x -> all(gru(x, 2)), gruShapes(2, 1, 2, 2, 2)),
        of(
            "a convolutional network",
            x -> network(x),
            s(2, 1, 4, 4),
            s(2, 1, 3, 3),
            s(2),
            s(2),
            s(3, 8)));
  }

  private static Tensor network(List<Tensor> x) {
    Tensor y = NeuralOps.convolution(x.get(0), x.get(1), Convolution.of(1, 1));
    y = NeuralOps.batchNorm(y, x.get(2), x.get(3), 1e-1).y().sub(1.1).sigmoid();
    y = NeuralOps.maxPool(y, Pooling.of(2)).reshape(2, 8);
    return y.matmulTransposed(x.get(4)).logSoftmax().pick(y.session().indices(2, 0)).mean();
  }

  /** With the same mask in each evaluation, which differences need. */
  private static Tensor dropped(Tensor x) {
    return NeuralOps.dropout(x, 0.4, new DropoutCounter(x.session(), 3));
  }

  private static NeuralOps.RecurrentResult lstm(List<Tensor> x, int layers) {
    return NeuralOps.lstm(x.get(0).sub(1), x.get(1), x.get(2), weights(x, 3, layers));
  }

  private static NeuralOps.RecurrentResult gru(List<Tensor> x, int layers) {
    return NeuralOps.gru(x.get(0).sub(1), x.get(1), weights(x, 2, layers));
  }

  /** Around 0, where gates are not saturated. */
  private static List<Tensor> weights(List<Tensor> x, int first, int layers) {
    return x.subList(first, first + 4 * layers).stream().map(w -> w.sub(1.1)).toList();
  }

  private static List<Tensor> shared(List<Tensor> weights) {
    return List.of(weights.get(0), weights.get(1), weights.get(2), weights.get(2));
  }

  /** Without c₀. */
  private static int[][] gruLike(int[][] lstmShapes) {
    List<int[]> shapes = new ArrayList<>(List.of(lstmShapes));
    shapes.remove(2);
    return shapes.toArray(int[][]::new);
  }

  private static Tensor all(NeuralOps.RecurrentResult result) {
    Tensor last = result.hidden();
    if (result.cell().isPresent()) {
      last = last.add(result.cell().get().square());
    }
    return result.output().square().sum().add(last.mul(last).sum());
  }

  private static int[][] lstmShapes(int steps, int batch, int inputs, int hidden, int layers) {
    return shapes(4, steps, batch, inputs, hidden, layers);
  }

  private static int[][] gruShapes(int steps, int batch, int inputs, int hidden, int layers) {
    return shapes(3, steps, batch, inputs, hidden, layers);
  }

  private static int[][] shapes(
      int gates, int steps, int batch, int inputs, int hidden, int layers) {
    List<int[]> shapes = new ArrayList<>();
    shapes.add(s(steps, batch, inputs));
    shapes.add(s(layers, batch, hidden));
    if (gates == 4) {
      shapes.add(s(layers, batch, hidden));
    }
    for (int layer = 0; layer < layers; layer++) {
      shapes.add(s(gates * hidden, layer == 0 ? inputs : hidden));
      shapes.add(s(gates * hidden, hidden));
      shapes.add(s(gates * hidden));
      shapes.add(s(gates * hidden));
    }
    return shapes.toArray(int[][]::new);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void agreesWithDifferences(String name, Function<List<Tensor>, Tensor> function, int[][] shapes) {
    GradientTest.check(name, function, shapes);
  }
}
