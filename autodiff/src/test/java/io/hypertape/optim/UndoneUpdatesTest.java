package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An update can be taken back, and done again with other hyperparameters. */
class UndoneUpdatesTest {

  private static final int STEPS = 16;

  private static double[] train(String tower, boolean records, boolean undoes) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        double[] before = run.values(optimizer);
        step.run(SmallRun.batch(i));
        if (undoes && i % 3 != 1) {
          double[] after = run.values(optimizer);
          optimizer.undo();
          assertEquals(i, optimizer.steps());
          assertArrayEquals(before, run.values(optimizer));
          optimizer.redo(Map.of());
          assertArrayEquals(after, run.values(optimizer));
        }
      }
      assertEquals(STEPS, optimizer.steps());
      if (records) {
        assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
        assertTrue(run.backend.replays > STEPS, "replays: " + run.backend.replays);
      }
      return run.values(optimizer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4)', true",
    "'adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4)', false",
    "'sgd(0.1, mu=0.9)/rmsprop(1e-4) clip=0.5 schedule=cosine(20)', true",
    "'sgd(0.1, log=alpha, within=alpha(0.09..0.11))/sgd(0.5, log=alpha)/sgd(0.1)', true"
  })
  void doneAgainItHasTheSameBitsAndFurtherStepsToo(String tower, boolean records) {
    assertArrayEquals(train(tower, false, false), train(tower, records, true));
  }

  /** As a guard does: the same update with another step size, from which the run goes on. */
  private static double[] halved(boolean records, String label) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind("sgd(0.1)/sgd(1e-2)")) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
        if (i % 5 == 4) {
          optimizer.undo();
          optimizer.redo(Map.of(label, 0.0625));
          assertEquals(
              0.0625,
              optimizer.hyperparameters().stream()
                  .filter(h -> h.label().equals(label))
                  .findFirst()
                  .orElseThrow()
                  .value());
        }
      }
      return run.values(optimizer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"L1.sgd.alpha", "L2.sgd.alpha"})
  void withOtherHyperparametersRecordedOrNot(String label) {
    assertArrayEquals(halved(false, label), halved(true, label));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.1)", "sgd(0.1)/sgd(1e-2)"})
  void theUpdateTakesThem(String tower) {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(tower)) {
      optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(0))));
      double[] before = run.bias.value().toDoubles();
      Gradients gradients = optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(1))));
      double[] g = gradients.weights().get(run.bias).toDoubles();
      optimizer.update(gradients);
      optimizer.undo();
      optimizer.redo(Map.of("L1.sgd.alpha", 3.0));
      double[] after = run.bias.value().toDoubles();
      for (int i = 0; i < after.length; i++) {
        assertEquals(before[i] - 3 * g[i], after[i], 1e-14);
      }
    }
  }

  /** A step after an update that was only taken back is like a first one: hypergradients are 0. */
  @Test
  void anotherStepCanFollow() {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind("sgd(0.1)/sgd(1e-2)")) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      optimizer.undo();
      double alpha = optimizer.hyperparameters().getFirst().value();
      step.run(SmallRun.batch(99));
      assertEquals(alpha, optimizer.hyperparameters().getFirst().value());
      refused("a step has begun since", () -> optimizer.redo(Map.of()));
      step.run(SmallRun.batch(100));
      assertTrue(alpha != optimizer.hyperparameters().getFirst().value());
      assertEquals(STEPS + 1, optimizer.steps());
    }
  }

  @Test
  void whatCannotBeTakenBackIsTold() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("adam(0.1)/sgd(1e-2)")) {
      refused("there is no update yet", optimizer::undo);
      refused("no update has been taken back", () -> optimizer.redo(Map.of()));
      optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(0))));
      optimizer.undo();
      refused("taken back already", optimizer::undo);
      double[] before = run.values(optimizer);
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> optimizer.redo(Map.of("L1.sgd.alpha", 1.0)));
      assertTrue(e.getMessage().contains("there are L1.adam.alpha, L1.adam.beta1"), e.toString());
      e =
          assertThrows(
              IllegalArgumentException.class, () -> optimizer.redo(Map.of("L1.adam.beta1", 1.5)));
      assertTrue(e.getMessage().contains("'beta1' is 1.5"), e.toString());
      assertArrayEquals(before, run.values(optimizer));
      optimizer.redo(Map.of());
      assertEquals(1, optimizer.steps());
    }
  }

  private static void refused(String why, Runnable call) {
    Exception e = assertThrows(IllegalStateException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
