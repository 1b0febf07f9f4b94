package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between the halves of a step, in hooks and in sums leaves nothing half done. */
class SeamFaultsTest {

  private static final String TOWER = "sgd(0.1, mu=0.9)/sgd(1e-3)";

  private static final class Refusal extends RuntimeException {}

  private static void refused(String why, Runnable call) {
    Exception e = assertThrows(IllegalStateException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static Tensor loss(SmallRun run, int batch) {
    return run.loss(run.tensors(SmallRun.batch(batch)));
  }

  /** The pass that failed has overwritten them. */
  @Test
  void gradientsBeforeAPassThatFailedAreRefused() {
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      Gradients gradients = optimizer.gradients(() -> loss(run, 1));
      assertThrows(
          Refusal.class,
          () ->
              optimizer.gradients(
                  () -> {
                    loss(run, 2);
                    throw new Refusal();
                  }));
      refused("not the last ones", () -> optimizer.update(gradients));
      assertEquals(0, optimizer.steps());
    }
  }

  /** The pass has overwritten the gradients of the update that had been taken back. */
  @Test
  void aPassEndsWhatCouldBeDoneAgain() {
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      optimizer.step(() -> loss(run, 1));
      optimizer.undo();
      optimizer.gradients(() -> loss(run, 2));
      refused("a step has begun since", () -> optimizer.redo(Map.of()));
    }
  }

  /** A hook that carries a value from step to step, as for clipping by a running norm. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAHookChangedIsUndoneWithARefusedStep(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      Buffer norm = new Buffer("norm", run.session.zeros());
      optimizer.onGradients(
          g -> {
            norm.write(norm.read().add(g.loss().detach()).add(1));
            return g;
          });
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < 12; i++) {
        int at = i;
        double[] before = norm.toDoubles();
        assertThrows(
            Refusal.class,
            () ->
                step.run(
                    seen -> {
                      throw new Refusal();
                    },
                    SmallRun.batch(at)));
        assertArrayEquals(before, norm.toDoubles());
        step.run(SmallRun.batch(i));
        assertNotEquals(before[0], norm.toDoubles()[0]);
      }
      assertEquals(records, run.backend.replays > 0);
    }
  }

  /** What would be replayed has been dropped; the optimizer goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsBeforeAnotherHookAreRefused(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < 8; i++) {
        step.run(SmallRun.batch(i));
      }
      Gradients gradients = step.gradients(SmallRun.batch(8));
      optimizer.onGradients(g -> g.map(t -> t.mul(0.5)));
      refused("not the last ones", () -> optimizer.update(gradients));
      step.run(SmallRun.batch(8));
      assertEquals(9, optimizer.steps());
    }
  }

  /** A hook that pulls towards what another optimizer is at work on. */
  private static double[] pulled(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer first = Tower.parse(TOWER).bind(run.session, List.of(run.weight));
        TowerOptimizer second = Tower.parse("sgd(0.5)").bind(run.session, List.of(run.bias))) {
      first.onGradients(g -> g.map(t -> t.add(run.bias.value().sum())));
      TrainingStep step =
          first.prepare(in -> in.get(0).matmulTransposed(run.weight.value()).square().mean());
      for (int i = 0; i < 24; i++) {
        step.run(SmallRun.batch(i));
        if (i % 3 == 0) {
          second.step(() -> loss(run, 3));
        }
      }
      return run.values(first, second);
    }
  }

  @Test
  void whatAHookReadsIsReadWhereItIs() {
    assertArrayEquals(pulled(false), pulled(true));
  }

  /** Parts of one prepared loss in two sums. */
  private static double[] sums(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      List<Accumulation> sums = List.of(optimizer.accumulation(), optimizer.accumulation());
      for (int i = 0; i < 24; i++) {
        Accumulation sum = sums.get(i < 12 ? 0 : i % 2);
        sum.add(0.5, step, SmallRun.batch(i));
        sum.add(0.5, step, SmallRun.batch(i + 1));
        optimizer.update(sum.gradients());
      }
      return run.values(optimizer);
    }
  }

  @Test
  void aRecordedPartIsAddedToItsOwnSum() {
    assertArrayEquals(sums(false), sums(true));
  }

  /** Other parameters are frozen, as many as before. */
  @Test
  void aSumHasTheShapesOfWhatIsNotFrozen() {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < 6; i++) {
        optimizer.freeze(List.of(i % 2 == 0 ? run.weight : run.bias));
        for (int k = 0; k < 2; k++) {
          double[] before = run.values(optimizer);
          sum.add(1, () -> loss(run, 1));
          optimizer.update(sum.gradients());
          assertTrue(!java.util.Arrays.equals(before, run.values(optimizer)));
        }
        optimizer.unfreeze(List.of(run.weight, run.bias));
      }
    }
  }

  /** The backend fails when a part has been added in half. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSumThatHoldsHalfAPartIsLost(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        SmallRun other = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(TOWER);
        TowerOptimizer whole = other.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      TrainingStep expected = whole.prepare(other::loss);
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < 12; i++) {
        sum.add(0.5, step, SmallRun.batch(i));
        int[] copies = {0};
        run.backend.beforeCopy =
            () -> {
              if (++copies[0] == 2) {
                throw new Refusal();
              }
            };
        int at = i;
        assertThrows(Refusal.class, () -> sum.add(0.5, step, SmallRun.batch(at)));
        run.backend.beforeCopy = () -> {};
        refused("the sum is lost", () -> sum.add(0.5, step, SmallRun.batch(at)));
        sum.add(1, step, SmallRun.batch(i));
        optimizer.update(sum.gradients());
        expected.run(SmallRun.batch(i));
        assertArrayEquals(other.values(whole), run.values(optimizer));
      }
    }
  }

  /** Done again with other hyperparameters, tuned or not, a run is resumed as it went on. */
  @ParameterizedTest
  @CsvSource({"L1.sgd.alpha", "L1.sgd.mu", "L2.sgd.alpha"})
  void changedHyperparametersAreResumed(String label) {
    try (SmallRun run = SmallRun.cpu(false);
        SmallRun other = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER);
        TowerOptimizer further = other.bind(TOWER)) {
      for (int i = 0; i < 3; i++) {
        optimizer.step(() -> loss(run, 1));
      }
      optimizer.undo();
      optimizer.redo(Map.of(label, 0.3));
      TowerSnapshot snapshot = optimizer.snapshot();
      Map<String, Tensor> copies = new LinkedHashMap<>();
      snapshot
          .tensors()
          .forEach((name, t) -> copies.put(name, other.session.tensor(t.toDoubles(), t.shape())));
      further.restore(new TowerSnapshot(snapshot.tower(), snapshot.steps(), copies));
      assertEquals(optimizer.hyperparameters(), further.hyperparameters());
      for (int i = 0; i < 3; i++) {
        optimizer.step(() -> loss(run, 2));
        further.step(() -> loss(other, 2));
      }
      assertEquals(optimizer.hyperparameters(), further.hyperparameters());
      assertArrayEquals(run.values(optimizer), other.values(further));
    }
  }

  /** What is asked in the midst of a step would change what the step began with. */
  @Test
  void aStepIsNotChangedInItsMidst() {
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      optimizer.step(() -> loss(run, 1));
      List<Runnable> changes =
          List.of(
              optimizer::undo,
              optimizer::close,
              () -> optimizer.freeze(List.of(run.bias)),
              () -> optimizer.step(() -> loss(run, 1)),
              () -> optimizer.onGradients(g -> g));
      double[] before = run.values(optimizer);
      for (Runnable change : changes) {
        refused(
            "in the midst of a step", () -> optimizer.step(() -> loss(run, 1), x -> change.run()));
        assertArrayEquals(before, run.values(optimizer));
      }
      // Looking is allowed.
      optimizer.step(() -> loss(run, 1), x -> optimizer.hyperparameters());
      assertEquals(2, optimizer.steps());
    }
  }

  /** The backend fails when one of two values has been committed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void freezingThatFailsChangesNothing(int copy) {
    try (SmallRun run = SmallRun.cpu(false);
        SmallRun other = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER);
        TowerOptimizer expected = other.bind(TOWER)) {
      for (int i = 0; i < 4; i++) {
        optimizer.step(() -> loss(run, 1));
        expected.step(() -> loss(other, 1));
        int[] copies = {0};
        run.backend.beforeCopy =
            () -> {
              if (++copies[0] == copy) {
                throw new Refusal();
              }
            };
        assertThrows(Refusal.class, () -> optimizer.freeze(List.of(run.weight, run.bias)));
        run.backend.beforeCopy = () -> {};
        assertEquals(List.of(), optimizer.frozen());
        assertArrayEquals(other.values(expected), run.values(optimizer));
      }
    }
  }

  /** What is frozen here another optimizer may be at work on. */
  @Test
  void aFrozenParameterMayBeAtWorkElsewhere() {
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      optimizer.freeze(List.of(run.bias));
      double[] found;
      try (TowerOptimizer second = Tower.parse("sgd(0.5)").bind(run.session, List.of(run.bias))) {
        for (int i = 0; i < 3; i++) {
          double[] before = run.bias.value().toDoubles();
          second.step(() -> loss(run, 1));
          found = run.bias.value().toDoubles();
          assertTrue(!java.util.Arrays.equals(before, found));
          optimizer.step(() -> loss(run, 1));
          assertArrayEquals(found, run.bias.value().toDoubles());
          refused("at work in another optimizer", () -> optimizer.unfreeze(List.of(run.bias)));
        }
      }
      found = run.bias.value().toDoubles();
      optimizer.unfreeze(List.of(run.bias));
      assertArrayEquals(found, run.bias.value().toDoubles());
      optimizer.step(() -> loss(run, 1));
      assertTrue(!java.util.Arrays.equals(found, run.bias.value().toDoubles()));
    }
  }
}
