package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What optimizers hold does not grow with what has been done with them. */
class StorageBoundsTest {

  /** Storages and bytes, and recordings that are open. */
  private record Held(int storages, long bytes, int recordings) {
    static Held of(SmallRun run) {
      run.session.trim();
      return new Held(
          run.backend.buffers, run.session.allocatedBytes(), run.backend.openRecordings);
    }
  }

  private static Held ofParts(boolean records, boolean prepared, int parts) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind("adam(1e-2)/sgd(1e-3)")) {
      TrainingStep step = optimizer.prepare(run::loss);
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < 12; i++) {
        for (int part = 0; part < parts; part++) {
          Input[] rows = SmallRun.batch(100 * i + part);
          if (prepared) {
            sum.add(1.0 / parts, step, rows);
          } else {
            sum.add(1.0 / parts, () -> run.loss(run.tensors(rows)));
          }
        }
        optimizer.update(sum.gradients());
      }
      return Held.of(run);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void aSumHoldsOnePart(boolean records, boolean prepared) {
    Held ofTwo = ofParts(records, prepared, 2);
    assertTrue(ofTwo.storages() > 0);
    assertEquals(ofTwo, ofParts(records, prepared, 8));
  }

  /** One step of everything, of 20 in a round. */
  private static void take(
      SmallRun run, TowerOptimizer optimizer, TrainingStep step, Accumulation sum, int i) {
    switch (i % 20) {
      case 4, 12 -> {
        optimizer.undo();
        optimizer.redo(i % 20 == 4 ? Map.of() : Map.of("L1.sgd.alpha", 0.0625));
      }
      case 6 -> optimizer.undo();
      case 7 -> optimizer.freeze(List.of(run.bias));
      case 8 -> optimizer.unfreeze(List.of(run.bias));
      case 9 -> {
        optimizer.freeze(List.of(run.weight));
        optimizer.unfreeze(List.of(run.weight));
      }
      case 10 ->
          run.session.scoped(
              () -> {
                Gradients gradients = step.gradients(SmallRun.batch(i));
                optimizer.update(gradients.map(g -> g.mul(0.5)));
              });
      default -> {}
    }
    if (i % 4 == 3) {
      sum.add(0.5, step, SmallRun.rows(i, 0, 6));
      sum.add(0.5, step, SmallRun.rows(i, 6, 12));
      optimizer.update(sum.gradients());
    }
    step.run(SmallRun.batch(i));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aThousandStepsHoldAsMuchAsFew(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind("sgd(0.1, mu=0.9)/sgd(1e-3) clip=0.5")) {
      TrainingStep step = optimizer.prepare(run::loss);
      Accumulation sum = optimizer.accumulation();
      Held early = null;
      for (int i = 0; i < 1000; i++) {
        if (i == 40) {
          early = Held.of(run);
        }
        take(run, optimizer, step, sum, i);
      }
      assertEquals(early, Held.of(run));
      assertEquals(records, run.backend.recordings > 0);
    }
  }

  /** Sums of other shapes take the place of those before them. */
  @Test
  void othersFrozenHoldNoMore() {
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1, mu=0.9)/sgd(1e-3)")) {
      Accumulation sum = optimizer.accumulation();
      Held early = null;
      for (int i = 0; i < 60; i++) {
        if (i == 12) {
          early = Held.of(run);
        }
        List<Parameter> one = List.of(i % 2 == 0 ? run.weight : run.bias);
        optimizer.freeze(one);
        for (int k = 0; k < 2; k++) {
          int at = i;
          sum.add(1, () -> run.loss(run.tensors(SmallRun.batch(at))));
          optimizer.update(sum.gradients());
        }
        optimizer.unfreeze(one);
      }
      assertEquals(early, Held.of(run));
    }
  }
}
