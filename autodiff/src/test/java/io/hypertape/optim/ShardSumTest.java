package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Tensor;
import io.hypertape.shards.Exchange;
import io.hypertape.shards.MemoryExchange;
import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards' gradients are those of the whole batch, in the same bits for every number of workers. */
class ShardSumTest {

  private static final int STEPS = 9;
  private static final String TOWER = "adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4) clip=0.3";

  /** The rows of four shards end here; the third has none, and the last step's first has none. */
  private static final int[] ENDS = {5, 7, 7, 12};

  private static final int[] LATE = {0, 4, 4, 12};

  private static double[] whole(SmallRun run, String tower) {
    try (run;
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
      }
      return run.values(optimizer);
    }
  }

  private static double[] sharded(SmallRun run, String tower, Shards shards) {
    try (run;
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      ShardSum sum = ShardSum.of(optimizer, shards, List.of());
      for (int i = 0; i < STEPS; i++) {
        int[] ends = i == STEPS - 1 ? LATE : ENDS;
        for (int shard = 0; shard < ends.length; shard++) {
          int from = shard == 0 ? 0 : ends[shard - 1];
          if (ends[shard] > from && shards.isOwn(shard)) {
            sum.add(shard, ends[shard] - from, step, SmallRun.rows(i, from, ends[shard]));
          }
        }
        optimizer.update(sum.gradients());
      }
      if (INTERNALS.canRecord(run.session)) {
        assertTrue(sum.mode().startsWith("steps are replayed"), sum.mode());
        assertTrue(run.backend.replays > STEPS, "replays: " + run.backend.replays);
      }
      return run.values(optimizer);
    }
  }

  /** What each of several workers computes. */
  private static List<double[]> workers(int workers, Supplier<SmallRun> runs) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (Exchange exchange : MemoryExchange.of(workers)) {
        tasks.add(() -> sharded(runs.get(), TOWER, Shards.of(4).over(exchange)));
      }
      List<double[]> found = new ArrayList<>();
      for (Future<double[]> task : threads.invokeAll(tasks)) {
        found.add(task.get());
      }
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TOWER,
        "sgd(0.1, mu=0.9)/sgd(1e-3)",
        "adam(1e-2, tune=alpha)/sgd(1e-5) heldout=3",
        "sgd(0.1)"
      })
  void shardsAreTheWhole(String tower) {
    double[] expected = whole(SmallRun.exact(false), tower);
    assertArrayEquals(expected, sharded(SmallRun.exact(false), tower, Shards.of(4)), 1e-11);
  }

  private static double[] frozenFromTheFourthStep(boolean inShards) {
    try (SmallRun run = SmallRun.exact(true);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      ShardSum sum = ShardSum.of(optimizer, Shards.of(2), List.of());
      for (int i = 0; i < STEPS; i++) {
        if (i == 3) {
          optimizer.freeze(List.of(run.bias));
        }
        if (inShards) {
          sum.add(0, 5, step, SmallRun.rows(i, 0, 5));
          sum.add(1, 7, step, SmallRun.rows(i, 5, 12));
          optimizer.update(sum.gradients());
        } else {
          step.run(SmallRun.batch(i));
        }
      }
      return run.values(optimizer);
    }
  }

  @Test
  void frozenWeightsHaveNoGradient() {
    assertArrayEquals(frozenFromTheFourthStep(false), frozenFromTheFourthStep(true), 1e-11);
  }

  @Test
  void theNumberOfWorkersChangesNoBit() throws Exception {
    double[] expected = sharded(SmallRun.cpu(false), TOWER, Shards.of(4));
    assertArrayEquals(expected, sharded(SmallRun.cpu(true), TOWER, Shards.of(4)));
    for (int workers : new int[] {2, 4}) {
      for (double[] found : workers(workers, () -> SmallRun.cpu(true))) {
        assertArrayEquals(expected, found, "of " + workers + " workers");
      }
    }
  }

  private static Buffer mean(SmallRun run) {
    return run.session.scoped(() -> new Buffer("mean", run.session.ones(2).mul(3)));
  }

  /** The joined loss is the batch's, hooks see it once, and so do running means. */
  @Test
  void lossAndStatisticsAreJoined() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)");
        Buffer mean = mean(run)) {
      int[] calls = {0};
      optimizer.onGradients(
          g -> {
            calls[0]++;
            return g;
          });
      double expected =
          optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(1)))).loss().item();
      calls[0] = 0;
      TrainingStep step =
          optimizer.prepare(
              in -> {
                Tensor loss = run.loss(in);
                mean.write(mean.read().mul(0.5).add(loss.detach()));
                return loss;
              });
      ShardSum sum = ShardSum.of(optimizer, Shards.of(2), List.of(mean));
      sum.add(0, 3, step, SmallRun.rows(1, 0, 3));
      assertEquals(3, mean.toDoubles()[0]);
      sum.add(1, 9, step, SmallRun.rows(1, 3, 12));
      Gradients gradients = sum.gradients();
      assertEquals(expected, gradients.loss().item(), 1e-14);
      assertEquals(1, calls[0]);
      assertEquals(1.5 + expected, mean.toDoubles()[1], 1e-14);
      assertThrows(
          ArithmeticException.class,
          () ->
              optimizer.update(
                  gradients,
                  unused -> {
                    throw new ArithmeticException();
                  }));
      assertEquals(3, mean.toDoubles()[0]);
    }
  }

  private static String refusal(Runnable work) {
    return assertThrows(RuntimeException.class, work::run).getMessage();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)");
        Exchange second = MemoryExchange.of(2).get(1)) {
      TrainingStep step = optimizer.prepare(run::loss);
      ShardSum sum = ShardSum.of(optimizer, Shards.of(4), List.of());
      Input[] rows = SmallRun.rows(0, 0, 3);
      sum.add(1, 3, step, rows);
      assertEquals(
          "add: shard 1 of this worker's 0 to 3; 2 or a later one is next",
          refusal(() -> sum.add(1, 3, step, rows)));
      sum.add(3, 3, step, rows);
      assertEquals(
          "add: shard 3 of this worker's 0 to 3; all have been added",
          refusal(() -> sum.add(3, 3, step, rows)));
      optimizer.step(() -> run.loss(run.tensors(rows)));
      assertTrue(refusal(sum::gradients).contains("another step since the first shard"));
      assertTrue(refusal(() -> sum.add(0, 0, step, rows)).contains("counts 0.0"));
      assertTrue(Double.isNaN(sum.gradients().loss().item()));
      assertTrue(
          refusal(() -> ShardSum.of(optimizer, Shards.of(4).over(second), List.of()))
              .contains("this session computes in F64"));
    }
  }
}
