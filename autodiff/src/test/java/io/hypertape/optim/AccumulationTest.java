package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients that are added up over parts of a batch are those of the whole batch. */
class AccumulationTest {

  private static final int STEPS = 16;
  private static final String TOWER = "adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4) clip=0.3";

  private static double[] whole(SmallRun run) {
    try (run;
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      return run.values(optimizer);
    }
  }

  /** In parts of given ends. */
  private static double[] parts(SmallRun run, boolean prepared, int... ends) {
    try (run;
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < STEPS; i++) {
        int from = 0;
        for (int end : ends) {
          Input[] rows = SmallRun.rows(i, from, end);
          double share = (end - from) / 12.0;
          if (prepared) {
            sum.add(share, step, rows);
          } else {
            sum.add(share, () -> run.loss(run.tensors(rows)));
          }
          from = end;
        }
        optimizer.update(sum.gradients());
      }
      assertEquals(STEPS, optimizer.steps());
      if (prepared && INTERNALS.canRecord(run.session)) {
        assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
        assertTrue(sum.mode().startsWith("steps are replayed"), sum.mode());
        assertTrue(run.backend.replays > STEPS, "replays: " + run.backend.replays);
      }
      return run.values(optimizer);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void partsAreTheWhole(boolean prepared) {
    double[] expected = whole(SmallRun.exact(false));
    for (int[] ends : List.of(new int[] {12}, new int[] {6, 12}, new int[] {2, 7, 12})) {
      assertArrayEquals(expected, parts(SmallRun.exact(false), prepared, ends), 1e-11);
    }
  }

  @Test
  void recordedTheyHaveTheSameBits() {
    for (int[] ends : List.of(new int[] {6, 12}, new int[] {4, 8, 12}, new int[] {5, 12})) {
      double[] run = parts(SmallRun.cpu(false), true, ends);
      assertArrayEquals(run, parts(SmallRun.cpu(true), true, ends));
      assertArrayEquals(run, parts(SmallRun.cpu(true), false, ends));
    }
  }

  /** The summed loss is the batch's, and hooks see the sum. */
  @Test
  void theLossIsAddedUpToo() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
      int[] calls = {0};
      optimizer.onGradients(
          g -> {
            calls[0]++;
            return g;
          });
      double expected =
          optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(1)))).loss().item();
      calls[0] = 0;
      Accumulation sum = optimizer.accumulation();
      sum.add(0.25, () -> run.loss(run.tensors(SmallRun.rows(1, 0, 3))));
      sum.add(0.75, () -> run.loss(run.tensors(SmallRun.rows(1, 3, 12))));
      assertEquals(expected, sum.gradients().loss().item(), 1e-14);
      assertEquals(1, calls[0]);
    }
  }

  @Test
  void aPartThatFailsIsNotAdded() {
    double[] expected = parts(SmallRun.cpu(true), true, 6, 12);
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < STEPS; i++) {
        sum.add(0.5, step, SmallRun.rows(i, 0, 6));
        assertThrows(
            ArithmeticException.class,
            () ->
                sum.add(
                    0.5,
                    () -> {
                      run.loss(run.tensors(SmallRun.batch(7)));
                      throw new ArithmeticException();
                    }));
        sum.add(0.5, step, SmallRun.rows(i, 6, 12));
        optimizer.update(sum.gradients());
      }
      assertArrayEquals(expected, run.values(optimizer));
    }
  }

  @Test
  void whatDoesNotFitIsTold() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
      Accumulation sum = optimizer.accumulation();
      Exception none = assertThrows(IllegalStateException.class, sum::gradients);
      assertTrue(none.getMessage().contains("there are no parts of this step"), none.toString());
      for (double share : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
        Exception e =
            assertThrows(
                IllegalArgumentException.class,
                () -> sum.add(share, () -> run.loss(run.tensors(SmallRun.batch(0)))));
        assertTrue(e.getMessage().contains("share is " + share), e.toString());
      }
      sum.add(1, () -> run.loss(run.tensors(SmallRun.batch(0))));
      optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(0))));
      Exception e =
          assertThrows(
              IllegalStateException.class,
              () -> sum.add(1, () -> run.loss(run.tensors(SmallRun.batch(0)))));
      assertTrue(e.getMessage().contains("another step since"), e.toString());
      // That has been forgotten.
      sum.add(1, () -> run.loss(run.tensors(SmallRun.batch(0))));
      optimizer.update(sum.gradients());
      assertEquals(2, optimizer.steps());
    }
  }
}
