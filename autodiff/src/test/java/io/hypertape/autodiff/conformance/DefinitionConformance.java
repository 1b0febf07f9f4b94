package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layers by their kernels, and what they mean in ordinary operations: values, gradients and
 * gradients of those.
 */
interface DefinitionConformance extends LayerSuite {

  private void agree(
      String what,
      Function<List<Tensor>, Tensor> kernel,
      Function<List<Tensor>, Tensor> definition,
      int[]... shapes) {
    try (Session session = Session.over(another())) {
      agree(session, what, kernel, definition, shapes);
    }
  }

  private static void agree(
      Session session,
      String what,
      Function<List<Tensor>, Tensor> kernel,
      Function<List<Tensor>, Tensor> definition,
      int[]... shapes) {
    double tolerance = session.dtype() == DType.F64 ? 1e-11 : 1e-3;
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.length; i++) {
      double[] values = session.normal(shapes[i], 5, i).toDoubles();
      for (int k = 0; k < values.length; k++) {
        values[k] *= 0.7;
      }
      inputs.add(session.tensor(values, shapes[i]));
    }
    List<double[]> ours = valueAndGradients(session, kernel, inputs);
    List<double[]> theirs = valueAndGradients(session, definition, inputs);
    assertEquals(theirs.size(), ours.size());
    for (int i = 0; i < ours.size(); i++) {
      String part = what + ", result " + i + " of value and first and second derivatives";
      assertEquals(theirs.get(i).length, ours.get(i).length, part);
      for (int k = 0; k < ours.get(i).length; k++) {
        double scale = Math.max(1, Math.abs(theirs.get(i)[k]));
        assertEquals(theirs.get(i)[k], ours.get(i)[k], tolerance * scale, part + ", element " + k);
      }
    }
  }

  private static List<double[]> valueAndGradients(
      Session session, Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
    try (Tape tape = session.tape()) {
      List<Tensor> leaves = inputs.stream().map(tape::watch).toList();
      Tensor out = function.apply(leaves);
      List<double[]> result = new ArrayList<>();
      result.add(out.toDoubles());
      Tensor loss = out.mul(session.normal(out.shape(), 9, 1)).sum();
      tape.gradient(loss, leaves).forEach(g -> result.add(g.toDoubles()));
      Tensor projected = session.scalar(0);
      for (Tensor g : tape.gradient(loss, leaves, GradientMode.DIFFERENTIABLE)) {
        projected = projected.add(g.mul(session.normal(g.shape(), 9, 2)).sum());
      }
      tape.gradient(projected, leaves).forEach(g -> result.add(g.toDoubles()));
      return result;
    }
  }

  @Test
  default void convolutionIsWhatItMeans() {
    for (Convolution form :
        new Convolution[] {
          Convolution.of(1, 1), Convolution.of(2, 0), new Convolution(2, 1, 1, 2, 1, 2, 2)
        }) {
      agree(
          form.toString(),
          x -> NeuralOps.convolution(x.get(0), x.get(1), form),
          x -> LayerDefinitions.convolution(x.get(0), x.get(1), form),
          new int[] {2, 4, 7, 8},
          new int[] {6, 4 / form.groups(), 3, 2});
    }
  }

  @Test
  default void poolingIsWhatItMeans() {
    for (Pooling form : new Pooling[] {Pooling.of(2), new Pooling(3, 2, 2, 1, 0, 0)}) {
      agree(
          "maxPool " + form,
          x -> NeuralOps.maxPool(x.get(0), form),
          x -> LayerDefinitions.maxPool(x.get(0), form),
          new int[] {2, 3, 7, 6});
    }
    for (Pooling form : new Pooling[] {Pooling.of(2), new Pooling(3, 2, 2, 1, 1, 1)}) {
      agree(
          "averagePool " + form,
          x -> NeuralOps.averagePool(x.get(0), form),
          x -> LayerDefinitions.averagePool(x.get(0), form),
          new int[] {2, 3, 7, 6});
    }
  }

  @Test
  default void batchNormIsWhatItMeans() {
    agree(
        "batchNorm",
        x -> NeuralOps.batchNorm(x.get(0), x.get(1), x.get(2), 1e-3).y(),
        x -> LayerDefinitions.batchNorm(x.get(0), x.get(1), x.get(2), 1e-3),
        new int[] {3, 5, 4, 2},
        new int[] {5},
        new int[] {5});
    try (Session session = Session.over(another());
        Tape tape = session.tape()) {
      Tensor x = tape.watch(session.normal(new int[] {4, 3, 2, 5}, 3, 1).add(2));
      Tensor one = session.ones(3);
      NeuralOps.BatchNorm result = NeuralOps.batchNorm(x, one, session.zeros(3), 1e-3);
      Tensor rows = x.permute(1, 0, 2, 3).reshape(3, -1);
      Tensor mean = rows.mean(1);
      Tensor variance = rows.sub(mean.reshape(3, 1)).square().mean(1);
      assertArrayEquals(mean.toDoubles(), result.mean().toDoubles(), 1e-5);
      assertArrayEquals(variance.toDoubles(), result.variance().toDoubles(), 1e-5);
      // With the batch's own statistics, evaluation gives what training gave.
      Tensor evaluated =
          NeuralOps.normalize(x, one, session.zeros(3), result.mean(), result.variance(), 1e-3);
      assertArrayEquals(result.y().toDoubles(), evaluated.toDoubles(), 1e-4);
    }
  }

  @Test
  default void embeddingIsWhatItMeans() {
    int[] index = {3, 0, 3, 4, 3};
    try (Session session = Session.over(another())) {
      agree(
          session,
          "embedding",
          x -> NeuralOps.embedding(x.get(0), session.indices(index)),
          x -> LayerDefinitions.embedding(session, x.get(0), index),
          new int[] {5, 17});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  default void lstmIsWhatItMeans(int layers) {
    agree(
        layers + " layers",
        x -> {
          NeuralOps.RecurrentResult r =
              NeuralOps.lstm(x.get(0), x.get(1), x.get(2), x.subList(3, x.size()));
          return Tensor.concat(0, List.of(r.output(), r.hidden(), r.cell().orElseThrow()));
        },
        x -> LayerDefinitions.lstm(x, layers),
        recurrentShapes(4, layers));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  default void gruIsWhatItMeans(int layers) {
    agree(
        layers + " layers",
        x -> {
          NeuralOps.RecurrentResult r = NeuralOps.gru(x.get(0), x.get(1), x.subList(2, x.size()));
          return Tensor.concat(0, List.of(r.output(), r.hidden()));
        },
        x -> LayerDefinitions.gru(x, layers),
        recurrentShapes(3, layers));
  }

  /** A table of one or three rows is multiplied whole where the backend can, one of seven never. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 2", "7, 1"})
  default void layersOverEmbeddedSymbolsAreWhatTheyMean(int rows, int layers) {
    int[] index = new int[6];
    for (int i = 0; i < index.length; i++) {
      index[i] = 5 * (i % 4) % rows;
    }
    try (Session session = Session.over(another())) {
      UnaryOperator<List<Tensor>> embedded =
          x -> {
            List<Tensor> in = new ArrayList<>(x);
            in.set(0, LayerDefinitions.embedding(session, x.get(0), index).reshape(3, 2, 4));
            return in;
          };
      Supplier<Tensor> symbols = () -> session.indices(index);
      int[][] shapes = recurrentShapes(4, layers);
      shapes[0] = new int[] {rows, 4};
      agree(
          session,
          "LSTM over " + rows + " symbols",
          x -> {
            NeuralOps.RecurrentResult r =
                NeuralOps.embeddedLstm(
                    x.get(0), symbols.get(), x.get(1), x.get(2), x.subList(3, x.size()));
            return Tensor.concat(0, List.of(r.output(), r.hidden(), r.cell().orElseThrow()));
          },
          x -> LayerDefinitions.lstm(embedded.apply(x), layers),
          shapes);
      shapes = recurrentShapes(3, layers);
      shapes[0] = new int[] {rows, 4};
      agree(
          session,
          "GRU over " + rows + " symbols",
          x -> {
            NeuralOps.RecurrentResult r =
                NeuralOps.embeddedGru(x.get(0), symbols.get(), x.get(1), x.subList(2, x.size()));
            return Tensor.concat(0, List.of(r.output(), r.hidden()));
          },
          x -> LayerDefinitions.gru(embedded.apply(x), layers),
          shapes);
    }
  }

  /** Three steps of two sequences, four inputs, five hidden units. */
  private static int[][] recurrentShapes(int gates, int layers) {
    List<int[]> shapes = new ArrayList<>();
    shapes.add(new int[] {3, 2, 4});
    shapes.add(new int[] {layers, 2, 5});
    if (gates == 4) {
      shapes.add(new int[] {layers, 2, 5});
    }
    for (int layer = 0; layer < layers; layer++) {
      shapes.add(new int[] {gates * 5, layer == 0 ? 4 : 5});
      shapes.add(new int[] {gates * 5, 5});
      shapes.add(new int[] {gates * 5});
      shapes.add(new int[] {gates * 5});
    }
    return shapes.toArray(int[][]::new);
  }
}
