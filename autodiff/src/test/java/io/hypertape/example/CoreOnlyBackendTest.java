package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.optim.Input;
import io.hypertape.optim.LayerNetworks;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody's backend that has nothing but the primitives trains what every other one does. */
class CoreOnlyBackendTest {

  private static final String TOWER = "adam(0.01)/sgd(1e-4) clip=0.5 schedule=warmup(4)";

  @Test
  void itHasNoOptionalKernels() {
    Backend backend = new CoreOnlyBackend(DType.F64);
    for (LayerKernel kernel : LayerKernel.values()) {
      assertFalse(backend.has(kernel), kernel.name());
      assertTrue(new ReferenceBackend(DType.F64).has(kernel), kernel.name());
    }
    Exception e =
        assertThrows(
            UnsupportedOperationException.class,
            () -> backend.convolution(null, null, null, null, null));
    assertTrue(e.getMessage().contains("CONVOLUTION"), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void networksTrainAsOnTheReference(LayerNetworks network) {
    double[] expected = network.train(new ReferenceBackend(DType.F64), TOWER, 12).values();
    double[] ours = network.train(new CoreOnlyBackend(DType.F64), TOWER, 12).values();
    assertArrayEquals(expected, ours, 1e-7, network.name());
  }

  @Test
  void aPerceptronTrains() {
    double[] expected = perceptron(new ReferenceBackend(DType.F64));
    double[] ours = perceptron(new CoreOnlyBackend(DType.F64));
    assertArrayEquals(expected, ours, 1e-9);
    assertTrue(ours[39] < 0.5 * ours[0], ours[0] + " fell to " + ours[39]);
  }

  private static double[] perceptron(Backend backend) {
    double[] losses = new double[40];
    try (Session session = Session.over(backend)) {
      Parameter hidden = new Parameter("hidden", session.normal(new int[] {16, 4}, 1, 1));
      Parameter bias = new Parameter("bias", session.zeros(16));
      Parameter out = new Parameter("out", session.normal(new int[] {3, 16}, 1, 2));
      try (TowerOptimizer optimizer =
          Tower.parse("adam(0.03)/sgd(1e-5)").bind(session, List.of(hidden, bias, out))) {
        TrainingStep step =
            optimizer.prepare(
                in ->
                    in.get(0)
                        .matmulTransposed(hidden.value())
                        .add(bias.value())
                        .tanh()
                        .matmulTransposed(out.value())
                        .logSoftmax()
                        .pick(in.get(1))
                        .mean()
                        .neg());
        float[] x = new float[24];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) Math.sin(i * i);
        }
        for (int i = 0; i < losses.length; i++) {
          losses[i] = step.run(Input.floats(x, 6, 4), Input.indices(0, 1, 2, 2, 1, 0)).item();
        }
      }
    }
    return losses;
  }

  /** Value, first and second derivatives of Σ f(x)·weights, on one backend. */
  private static List<double[]> derivatives(
      Backend backend,
      BiFunction<Session, Tensor, Tensor> function,
      double[] values,
      int... shape) {
    try (Session session = Session.over(backend);
        Tape tape = session.tape()) {
      Tensor x = tape.watch(session.tensor(values, shape));
      Tensor out = function.apply(session, x);
      Tensor loss = out.mul(session.normal(out.shape(), 1, 1)).sum();
      Tensor first = tape.gradient(loss, List.of(x), GradientMode.DIFFERENTIABLE).get(0);
      Tensor sum = first.square().sum();
      return List.of(
          out.toDoubles(), first.toDoubles(), tape.gradient(sum, List.of(x)).get(0).toDoubles());
    }
  }

  private static void agree(
      BiFunction<Session, Tensor, Tensor> function, double[] values, int... shape) {
    List<double[]> expected = derivatives(new ReferenceBackend(DType.F64), function, values, shape);
    List<double[]> ours = derivatives(new CoreOnlyBackend(DType.F64), function, values, shape);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), ours.get(i), 1e-11, "derivative " + i);
    }
  }

  private static double[] numbers(int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.round(8 * Math.sin(0.7 * i + 0.1 * i * i)) / 4.0;
    }
    return values;
  }

  @Test
  void windowsOfEqualAndUnusualElements() {
    // Many are equal: the first one counts. All are below 0 in places, where padding is not.
    double[] values = numbers(2 * 3 * 7 * 6);
    for (int i = 0; i < 60; i++) {
      values[i] = -1 - i % 3;
    }
    for (Pooling form :
        List.of(new Pooling(3, 2, 2, 1, 1, 1), new Pooling(2, 2, 3, 3, 1, 1), Pooling.of(3))) {
      agree((s, x) -> NeuralOps.maxPool(x, form).square(), values, 2, 3, 7, 6);
      agree((s, x) -> NeuralOps.averagePool(x, form).square(), values, 2, 3, 7, 6);
      double[] unusual = values.clone();
      unusual[0] = Double.NEGATIVE_INFINITY;
      unusual[40] = Double.POSITIVE_INFINITY;
      unusual[100] = Double.NaN;
      unusual[101] = Double.NaN;
      agree((s, x) -> NeuralOps.maxPool(x, form), unusual, 2, 3, 7, 6);
    }
  }

  @Test
  void convolutionsOfEveryForm() {
    for (Convolution form :
        List.of(
            Convolution.of(1, 0),
            new Convolution(2, 1, 1, 2, 1, 2, 2),
            new Convolution(1, 3, 2, 0, 2, 1, 4))) {
      double[] filters = numbers(8 * 4 / form.groups() * 3 * 2);
      agree(
          (s, x) ->
              NeuralOps.convolution(
                      x,
                      x.sumTo(1, 1, 1, 1)
                          .mul(0.01)
                          .add(s.tensor(filters, 8, 4 / form.groups(), 3, 2)),
                      form)
                  .tanh(),
          numbers(2 * 4 * 7 * 8),
          2,
          4,
          7,
          8);
    }
    agree(
        (s, x) -> NeuralOps.convolution(x, x.reshape(0, 1, 2, 2), Convolution.of(1, 0)),
        new double[0],
        0,
        1,
        2,
        2);
  }

  @Test
  void secondDerivativesOfNetworksAreTheSame() {
    agree(
        (s, x) -> {
          Tensor filters = s.normal(new int[] {3, 2, 3, 3}, 2, 1).mul(0.3);
          Tensor seen = NeuralOps.convolution(x, filters, Convolution.of(1, 1));
          Tensor scaled = NeuralOps.batchNorm(seen, s.ones(3), s.zeros(3), 1e-3).y();
          Tensor pooled = NeuralOps.maxPool(scaled.tanh(), new Pooling(3, 3, 2, 2, 1, 1));
          Tensor means = NeuralOps.averagePool(pooled, Pooling.of(2));
          Tensor rows = means.reshape(2, -1).add(0.1).matmul(s.normal(new int[] {12, 4}, 2, 2));
          return rows.logSoftmax().pick(s.indices(3, 1));
        },
        numbers(2 * 2 * 8 * 8),
        2,
        2,
        8,
        8);
    agree(
        (s, x) -> {
          List<Tensor> weights = new ArrayList<>();
          for (int[] shape : new int[][] {{20, 4}, {20, 5}, {20}, {20}}) {
            weights.add(s.normal(shape, 3, shape.length).mul(0.4));
          }
          Tensor zeros = s.zeros(1, 2, 5);
          NeuralOps.RecurrentResult result = NeuralOps.lstm(x, zeros, zeros, weights);
          return result.output().square().sum(0).add(result.cell().orElseThrow().sum(0));
        },
        numbers(3 * 2 * 4),
        3,
        2,
        4);
  }

  @Test
  void randomNumbersAndMasksAreTheSame() {
    for (DType type : List.of(DType.F64, DType.F32)) {
      assertArrayEquals(drawn(new ReferenceBackend(type)), drawn(new CoreOnlyBackend(type)));
    }
  }

  private static double[] drawn(Backend backend) {
    try (Session session = Session.over(backend);
        Scope unused = session.scratch()) {
      DropoutCounter counter = new DropoutCounter(session, 7);
      counter.set(3);
      Tensor x = session.normal(new int[] {4, 5}, 1, 2).add(session.uniform(new int[] {5}, 1, 3));
      Tensor first = NeuralOps.dropout(x, 0.3, counter);
      Tensor second = NeuralOps.dropout(x, 0.3, counter);
      assertEquals(5, counter.count());
      return Tensor.concat(0, List.of(first, second)).toDoubles();
    }
  }

  @Test
  void indicesThatDoNotExistAreNamed() {
    try (Session session = Session.over(new CoreOnlyBackend(DType.F64));
        Scope unused = session.scratch()) {
      Tensor x = session.ones(2, 3);
      Tensor index = session.indices(1, 3);
      for (Runnable call :
          List.<Runnable>of(
              () -> x.pick(index),
              () -> session.ones(2).scatter(index, 3),
              () -> NeuralOps.embedding(x.transpose(), index))) {
        Exception e = assertThrows(IndexOutOfBoundsException.class, call::run);
        assertEquals("index[1] is 3, allowed are 0 to 2", e.getMessage());
      }
    }
  }
}
