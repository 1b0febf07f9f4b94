package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several optimizers of one session, on losses that share models; groups; freezing. */
class SeveralOptimizersTest {

  private static final int STEPS = 24;

  /** Two players of a game: one descends, the other ascends, each through the other's weights. */
  private static double[] game(boolean records, int firsts, int seconds) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer first =
            Tower.parse("adam(1e-2)/sgd(1e-4)").bind(run.session, List.of(run.weight));
        TowerOptimizer second =
            Tower.parse("sgd(0.1, mu=0.9)/sgd(1e-3)").bind(run.session, List.of(run.bias))) {
      TrainingStep descent = first.prepare(run::loss);
      TrainingStep ascent = second.prepare(in -> run.loss(in).neg());
      for (int i = 0; i < STEPS; i++) {
        for (int k = 0; k < firsts; k++) {
          descent.run(SmallRun.batch(10 * i + k));
        }
        for (int k = 0; k < seconds; k++) {
          ascent.run(SmallRun.batch(10 * i + 5 + k));
        }
      }
      if (records) {
        assertTrue(descent.mode().startsWith("steps are replayed"), descent.mode());
        assertTrue(ascent.mode().startsWith("steps are replayed"), ascent.mode());
        assertTrue(run.backend.replays > STEPS, "replays: " + run.backend.replays);
      }
      return run.values(first, second);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 3", "2, 3"})
  void interleavedAndRecorded(int firsts, int seconds) {
    assertArrayEquals(game(false, firsts, seconds), game(true, firsts, seconds));
  }

  /** A parameter that a recorded loss reads comes to be at work in another optimizer. */
  @Test
  void aParameterThatMovesIsReadWhereItIs() {
    double[][] results = new double[2][];
    for (int records = 0; records < 2; records++) {
      try (SmallRun run = SmallRun.cpu(records == 1);
          TowerOptimizer first = Tower.parse("sgd(0.1)").bind(run.session, List.of(run.weight))) {
        TrainingStep step = first.prepare(run::loss).verified(0);
        for (int i = 0; i < 8; i++) {
          step.run(SmallRun.batch(i));
        }
        try (TowerOptimizer second = Tower.parse("sgd(0.5)").bind(run.session, List.of(run.bias))) {
          for (int i = 0; i < 8; i++) {
            second.step(() -> run.loss(run.tensors(SmallRun.batch(3))));
            step.run(SmallRun.batch(i));
          }
        }
        run.bias.set(new double[] {1, 2, 3});
        step.run(SmallRun.batch(1));
        results[records] = run.values(first);
      }
    }
    assertArrayEquals(results[0], results[1]);
  }

  /** A group is an optimizer of its own, whose gradients come of the same pass. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void groupsAreOptimizersOnOneLoss(boolean records) {
    double[] apart;
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer first =
            Tower.parse("adam(1e-2)/sgd(1e-4)").bind(run.session, List.of(run.weight));
        TowerOptimizer second =
            Tower.parse("sgd(0.1, mu=0.9)/sgd(1e-3)").bind(run.session, List.of(run.bias))) {
      for (int i = 0; i < STEPS; i++) {
        int at = i;
        Gradients one = first.gradients(() -> run.loss(run.tensors(SmallRun.batch(at))));
        Gradients other = second.gradients(() -> run.loss(run.tensors(SmallRun.batch(at))));
        first.update(one);
        second.update(other);
      }
      apart = run.values(first, second);
    }
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer groups =
            run.bind("adam(1e-2)/sgd(1e-4) group(b*s, sgd(0.1, mu=0.9)/sgd(1e-3))")) {
      TrainingStep step = groups.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      assertArrayEquals(apart, run.values(groups));
      assertEquals(
          List.of(
              "L1.adam.alpha", "L1.adam.beta1", "L1.adam.beta2", "G1.L1.sgd.alpha", "G1.L1.sgd.mu"),
          List.copyOf(
              groups
                  .gradients(() -> run.loss(run.tensors(SmallRun.batch(1))))
                  .hyperparameters()
                  .keySet()));
    }
  }

  /** The norm is that of all groups' gradients, and each group's step size is scheduled. */
  @Test
  void clippingAndScheduleHoldForAllGroups() {
    double[] one = trained("sgd(0.1) clip=0.2 schedule=cosine(30)");
    double[] groups = trained("sgd(0.1) group(bias, sgd(0.1)) clip=0.2 schedule=cosine(30)");
    assertArrayEquals(
        java.util.Arrays.copyOfRange(one, 2, one.length),
        java.util.Arrays.copyOfRange(groups, 4, groups.length));
  }

  private static double[] trained(String tower) {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      return run.values(optimizer);
    }
  }

  /** Groups may take all parameters, and then the tower's own levels have nothing to do. */
  @Test
  void groupsMayTakeAll() {
    double[] one = trained("sgd(0.1)/sgd(1e-3)");
    double[] groups = trained("adam(0.1)/sgd(1e-3)/sgd(1e-4) group(*, sgd(0.1)/sgd(1e-3)) clip=99");
    assertArrayEquals(
        java.util.Arrays.copyOfRange(one, 4, one.length),
        java.util.Arrays.copyOfRange(groups, groups.length - one.length + 4, groups.length));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void groupsAreResumed(boolean records) {
    String tower = "adam(1e-2)/sgd(1e-4) group(bias, sgd(0.1, mu=0.9)/sgd(1e-3)) clip=0.5";
    resumed(records, tower, List.of());
  }

  private static void resumed(boolean records, String tower, List<String> frozen) {
    try (SmallRun run = SmallRun.cpu(records);
        SmallRun other = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower);
        TowerOptimizer further = other.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      optimizer.freeze(named(run, frozen));
      further.freeze(named(other, frozen));
      further.restore(copied(optimizer.snapshot(), other));
      TrainingStep more = further.prepare(other::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
        more.run(SmallRun.batch(i));
      }
      assertArrayEquals(run.values(optimizer), other.values(further));
    }
  }

  private static List<Parameter> named(SmallRun run, List<String> names) {
    return List.of(run.weight, run.bias).stream().filter(p -> names.contains(p.name())).toList();
  }

  private static TowerSnapshot copied(TowerSnapshot snapshot, SmallRun into) {
    java.util.Map<String, Tensor> copies = new java.util.LinkedHashMap<>();
    snapshot
        .tensors()
        .forEach(
            (name, tensor) ->
                copies.put(name, into.session.tensor(tensor.toDoubles(), tensor.shape())));
    return new TowerSnapshot(snapshot.tower(), snapshot.steps(), copies);
  }

  /** What is frozen stays; the rest is as if the optimizer had never had it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void frozenParametersStay(boolean records) {
    double[] alone;
    String tower = "adam(1e-2)/sgd(1e-4)";
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = Tower.parse(tower).bind(run.session, List.of(run.weight))) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      alone = run.values(optimizer);
    }
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      optimizer.freeze(List.of(run.bias));
      assertEquals(List.of(run.bias), optimizer.frozen());
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      assertArrayEquals(alone, run.values(optimizer));
      assertEquals(records, run.backend.replays > 0);
      assertEquals(
          List.of(run.weight),
          optimizer
              .gradients(() -> run.loss(run.tensors(SmallRun.batch(1))))
              .weights()
              .parameters());
    }
  }

  /** Frozen in the midst of recorded steps and unfrozen, with its momentum, in the same bits. */
  @Test
  void frozenForATime() {
    String tower = "sgd(0.1, mu=0.9)/sgd(1e-4) group(bias, adam(1e-2))";
    double[][] results = new double[2][];
    for (int records = 0; records < 2; records++) {
      try (SmallRun run = SmallRun.cpu(records == 1);
          TowerOptimizer optimizer = run.bind(tower)) {
        TrainingStep step = optimizer.prepare(run::loss);
        for (int i = 0; i < 4 * STEPS; i++) {
          double[] before = run.bias.value().toDoubles();
          if (i == STEPS) {
            optimizer.freeze(List.of(run.bias));
            optimizer.freeze(List.of(run.bias));
          } else if (i == 2 * STEPS) {
            optimizer.unfreeze(List.of(run.bias, run.weight));
          } else if (i == 3 * STEPS) {
            optimizer.freeze(List.of(run.weight, run.bias));
          } else if (i == 3 * STEPS + 3) {
            optimizer.unfreeze(List.of(run.weight));
          }
          step.run(SmallRun.batch(i));
          boolean stays = (i >= STEPS && i < 2 * STEPS) || i >= 3 * STEPS;
          assertEquals(stays, java.util.Arrays.equals(before, run.bias.value().toDoubles()));
        }
        if (records == 1) {
          assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
        }
        results[records] = run.values(optimizer);
      }
    }
    assertArrayEquals(results[0], results[1]);
  }

  @Test
  void frozenRunsAreResumed() {
    resumed(true, "adam(1e-2)/sgd(1e-4)", List.of("bias"));
    resumed(false, "sgd(0.1, mu=0.9)/sgd(1e-4)", List.of("weight"));
  }
}
