package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that are recorded and replayed must be those that run operation by operation, in bits. */
class TrainingStepTest {

  private static final int FEATURES = 5;
  private static final int CLASSES = 3;

  /** A small classifier over a backend that records, or over one that does not. */
  private static final class Run implements AutoCloseable {
    final ReplayingBackend backend;
    final Session session;
    final Parameter weights;
    final Parameter bias;
    final TowerOptimizer optimizer;
    final TrainingStep step;
    final List<Double> losses = new ArrayList<>();
    boolean readsInLoss;

    Run(String tower, boolean records) {
      backend = new ReplayingBackend(CpuBackends.open("SCALAR", 1), records);
      session = Session.over(backend);
      weights = new Parameter("weight", session.normal(new int[] {CLASSES, FEATURES}, 1, 1));
      bias = new Parameter("bias", session.normal(new int[] {CLASSES}, 1, 2));
      optimizer = Tower.parse(tower).bind(session, List.of(weights, bias));
      step = optimizer.prepare(in -> loss(in.get(0), in.get(1)));
    }

    Tensor loss(Tensor x, Tensor labels) {
      Tensor output = x.matmulTransposed(weights.value()).add(bias.value()).tanh().logSoftmax();
      Tensor loss = output.pick(labels).mean().neg();
      if (readsInLoss) {
        loss.item();
      }
      return loss;
    }

    void step(int rows, int seed) {
      step(rows, seed, unused -> {});
    }

    void step(int rows, int seed, Consumer<Tensor> inspection) {
      Tensor loss = step.run(inspection, inputs(rows, seed));
      losses.add(loss.item());
    }

    double[] values() {
      List<Double> values = new ArrayList<>(losses);
      optimizer.hyperparameters().forEach(h -> values.add(h.raw()));
      for (Parameter parameter : List.of(weights, bias)) {
        for (double value : parameter.value().toDoubles()) {
          values.add(value);
        }
      }
      return values.stream().mapToDouble(v -> v).toArray();
    }

    @Override
    public void close() {
      optimizer.close();
      assertEquals(0, backend.openRecordings);
      session.close();
      assertEquals(0, backend.buffers, "buffers left");
    }
  }

  private static Input[] inputs(int rows, int seed) {
    Random random = new Random(seed);
    float[] x = new float[rows * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return new Input[] {
      Input.floats(x, rows, FEATURES), Input.indices(random.ints(rows, 0, CLASSES).toArray())
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.05)",
        "sgd(0.05, mu=0.5)/sgd(0.01)",
        "adam(0.01)/sgd(1e-4)",
        "adam(0.01)/adam(1e-3)/rmsprop(1e-4)",
        "rmsprop-alpha(0.01)/adagrad(1e-3)",
        "sgd-per-param(weight=0.1)/sgd(1e-3)",
        "sgd(0.01)/sgd(1e-4)^10"
      })
  void replayedStepsEqualThoseThatRun(String tower) {
    try (Run replayed = new Run(tower, true);
        Run plain = new Run(tower, false)) {
      for (int epoch = 0; epoch < 6; epoch++) {
        // Epochs of an odd number of steps, the last one smaller: every way to follow on.
        for (int i = 0; i < 7; i++) {
          int rows = i == 6 ? 3 : 8;
          replayed.step(rows, 100 * epoch + i);
          plain.step(rows, 100 * epoch + i);
        }
      }
      assertArrayEquals(plain.values(), replayed.values());
      assertTrue(replayed.backend.replays > 20, replayed.backend.replays + " replays");
      // Six steps, their passes and updates each by itself.
      assertEquals(12, replayed.backend.recordings);
      assertTrue(replayed.step.mode().startsWith("steps are replayed, "), replayed.step.mode());
      assertTrue(plain.step.mode().contains("cpu backend does not record"), plain.step.mode());
    }
  }

  /** The CPU's own recordings. */
  @Test
  void cpuReplaysTheSameBits() {
    List<double[]> both = new ArrayList<>();
    for (boolean records : new boolean[] {true, false}) {
      Backend cpu = CpuBackends.open("VECTOR", 2);
      try (Session session = Session.over(records ? cpu : new ReplayingBackend(cpu, false))) {
        Parameter weights =
            new Parameter("weight", session.normal(new int[] {CLASSES, FEATURES}, 1, 1));
        List<Double> losses = new ArrayList<>();
        try (TowerOptimizer optimizer =
            Tower.parse("adam(0.01)/sgd(1e-4)").bind(session, List.of(weights))) {
          TrainingStep step =
              optimizer.prepare(
                  in ->
                      in.get(0)
                          .matmulTransposed(weights.value())
                          .logSoftmax()
                          .pick(in.get(1))
                          .mean()
                          .neg());
          for (int i = 0; i < 30; i++) {
            losses.add(step.run(inputs(i % 10 == 9 ? 3 : 8, i)).item());
          }
          assertEquals(records, step.mode().startsWith("steps are replayed"), step.mode());
        }
        for (double w : weights.value().toDoubles()) {
          losses.add(w);
        }
        both.add(losses.stream().mapToDouble(v -> v).toArray());
      }
    }
    assertArrayEquals(both.get(1), both.get(0));
  }

  @Test
  void otherStepsMayComeBetween() {
    try (Run replayed = new Run("adam(0.01)/sgd(1e-4)", true);
        Run plain = new Run("adam(0.01)/sgd(1e-4)", false)) {
      for (int i = 0; i < 40; i++) {
        for (Run run : List.of(replayed, plain)) {
          if (i % 9 == 8) {
            Tensor loss =
                run.optimizer.step(
                    () -> {
                      float[] x = new float[2 * FEATURES];
                      java.util.Arrays.fill(x, 0.5f);
                      return run.loss(
                          run.session.tensor(x, 2, FEATURES), run.session.indices(0, 1));
                    });
            run.losses.add(loss.item());
          } else {
            run.step(8, i);
          }
        }
      }
      assertArrayEquals(plain.values(), replayed.values());
      assertTrue(replayed.backend.replays > 10);
    }
  }

  @Test
  void memoryStaysThatOfTheFirstSteps() {
    try (Run run = new Run("adam(0.01)/sgd(1e-4)", true)) {
      for (int i = 0; i < 30; i++) {
        run.step(i % 10 == 9 ? 3 : 8, i);
      }
      int buffers = run.backend.buffers;
      for (int i = 0; i < 500; i++) {
        run.step(i % 10 == 9 ? 3 : 8, i);
      }
      assertEquals(buffers, run.backend.buffers);
    }
  }

  @Test
  void rejectedStepChangesNothing() {
    try (Run run = new Run("sgd(0.05)/sgd(0.01)", true)) {
      for (int i = 0; i < 20; i++) {
        run.step(8, i);
      }
      assertTrue(run.backend.replays > 10);
      double[] before = run.values();
      IllegalStateException thrown = new IllegalStateException("not this one");
      assertEquals(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () ->
                  run.step(
                      8,
                      99,
                      loss -> {
                        assertTrue(loss.item() > 0);
                        throw thrown;
                      })));
      assertArrayEquals(before, run.values());
      assertEquals(20, run.optimizer.steps());
      for (int i = 0; i < 20; i++) {
        run.step(8, i);
      }
      assertEquals(40, run.optimizer.steps());
      assertTrue(run.losses.get(20) < run.losses.get(0), "the loss of the same batch");
    }
  }

  @Test
  void whatCannotBeRecordedRunsAndSaysWhy() {
    try (Run refused = new Run("adam(0.01)/sgd(1e-4)", true);
        Run plain = new Run("adam(0.01)/sgd(1e-4)", false)) {
      refused.readsInLoss = true;
      for (int i = 0; i < 20; i++) {
        refused.step(8, i);
        plain.step(8, i);
      }
      assertArrayEquals(plain.values(), refused.values());
      assertEquals(0, refused.backend.replays);
      assertEquals(
          "steps run operation by operation: a copy to the host cannot be recorded",
          refused.step.mode());
    }
  }

  @Test
  void failingLossLeavesTheTowerUsable() {
    try (Run replayed = new Run("sgd(0.05)/sgd(0.01)", true);
        Run plain = new Run("sgd(0.05)/sgd(0.01)", false)) {
      for (int i = 0; i < 20; i++) {
        for (Run run : List.of(replayed, plain)) {
          if (i == 1 || i == 3 || i == 12) {
            int rows = 8;
            Input wrong = Input.floats(new float[rows * 2], rows, 2);
            assertThrows(
                IllegalArgumentException.class,
                () -> run.step.run(wrong, Input.indices(new int[rows])));
          }
          run.step(8, i);
        }
      }
      assertArrayEquals(plain.values(), replayed.values());
    }
  }

  @Test
  void manyShapesCostNoMemory() {
    try (Run replayed = new Run("sgd(0.05)/sgd(0.01)", true);
        Run plain = new Run("sgd(0.05)/sgd(0.01)", false)) {
      for (int i = 0; i < 60; i++) {
        replayed.step(1 + i % 30, i);
        plain.step(1 + i % 30, i);
      }
      assertArrayEquals(plain.values(), replayed.values());
    }
  }

  @Test
  void lossOfAnEarlierStepIsRefused() {
    try (Run run = new Run("sgd(0.05)/sgd(0.01)", true)) {
      Tensor old = null;
      for (int i = 0; i < 20; i++) {
        old = run.step.run(inputs(8, i));
      }
      old.item();
      run.step(8, 1);
      assertThrows(IllegalStateException.class, old::item);
    }
  }

  @Test
  void closedOptimizerRefusesSteps() {
    Run run = new Run("sgd(0.05)", true);
    run.close();
    assertThrows(IllegalStateException.class, () -> run.step(8, 1));
  }
}
