package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that are held out, against a plain restatement, and however they run. */
class HeldOutTest {

  private static final int STEPS = 40;

  private static double value(TowerOptimizer optimizer, int level) {
    return optimizer.hyperparameters().stream()
        .filter(h -> h.level() == level && h.name().equals("alpha"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /**
   * Momentum whose step size another one tunes by the loss of what is held out, over one vector.
   */
  private static final class Greedy {
    double[] w;
    double alpha = 0.2;
    private final double[] m;
    private double[] byAlpha;
    private double velocity;

    Greedy(double[] start) {
      w = start;
      m = new double[start.length];
      byAlpha = new double[start.length];
    }

    void step(int batch, boolean isHeldOut) {
      double[] g = new double[w.length];
      SelfTuningTest.loss(w, batch, g);
      if (isHeldOut) {
        velocity = 0.5 * velocity + dot(g, byAlpha);
        alpha -= 0.05 * velocity;
        byAlpha = new double[w.length];
        return;
      }
      for (int i = 0; i < w.length; i++) {
        m[i] = 0.8 * m[i] + g[i];
        w[i] -= alpha * m[i];
        byAlpha[i] = -m[i];
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "7, false", "2, true", "3, true", "5, true"})
  void theTapesHypergradientIsThatOfTheHeldOutLoss(int every, boolean records) {
    String tower = "sgd(0.2, mu=0.8, tune=alpha)/sgd(0.05, mu=0.5) heldout=" + every;
    try (SmallRun run = SmallRun.exact(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      Greedy plain = new Greedy(SelfTuningTest.weights(run));
      TrainingStep step = optimizer.prepare(run::loss);
      double alpha = 0.2;
      for (int i = 0; i < STEPS; i++) {
        boolean isHeldOut = (i + 1) % every == 0;
        assertEquals(isHeldOut, optimizer.isHeldOut());
        step.run(SmallRun.batch(i));
        plain.step(i, isHeldOut);
        String at = tower + ", step " + i;
        assertArrayEquals(plain.w, SelfTuningTest.weights(run), 1e-10, at);
        assertEquals(plain.alpha, value(optimizer, 1), 1e-10, at);
        assertTrue(isHeldOut == (value(optimizer, 1) != alpha), at);
        alpha = value(optimizer, 1);
      }
      assertTrue(!records || run.backend.replays > STEPS / 2, "replays " + run.backend.replays);
    }
  }

  /** The same with a trace and its agreement. */
  private static final class Traced {
    double[] w;
    double a = Math.log(0.2);
    double k = Math.log(0.35);
    private final double[] mean;
    private double largest;
    private double last;
    private int n;

    Traced(double[] start) {
      w = start;
      mean = start.clone();
    }

    void step(int batch, boolean isHeldOut) {
      double[] g = new double[w.length];
      SelfTuningTest.loss(w, batch, g);
      double[] e = new double[w.length];
      Arrays.setAll(e, i -> w[i] - mean[i]);
      if (isHeldOut) {
        double h = dot(g, e) / Math.sqrt(dot(g, g)) / Math.sqrt(dot(e, e));
        largest = Math.max(largest, Math.abs(h));
        double now = h / largest;
        k += 0.15 * (now * last - 0.5);
        a -= Math.exp(k) * now;
        last = now;
        return;
      }
      double rate = 0.5 / (Math.max(n, 1) - 0.5);
      for (int i = 0; i < w.length; i++) {
        mean[i] += rate * e[i];
        w[i] -= Math.exp(a) * g[i];
      }
      n++;
    }
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, true", "4, false", "2, true"})
  void theTraceFollowsTheWeightsUpdates(int every, boolean records) {
    String tower =
        "sgd(0.2, log=alpha)/sgd(0.35, log=alpha, by=trace(-0.5)+max)/sgd(0.15, by=agreement(0.5))"
            + " heldout="
            + every;
    try (SmallRun run = SmallRun.exact(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      Traced plain = new Traced(SelfTuningTest.weights(run));
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        step.run(SmallRun.batch(i));
        plain.step(i, (i + 1) % every == 0);
        String at = tower + ", step " + i;
        assertArrayEquals(plain.w, SelfTuningTest.weights(run), 1e-9, at);
        assertEquals(plain.a, Math.log(value(optimizer, 1)), 1e-9, at);
        assertEquals(plain.k, Math.log(value(optimizer, 2)), 1e-9, at);
      }
      assertTrue(!records || run.backend.replays > STEPS / 2, "replays " + run.backend.replays);
    }
  }

  private static List<double[]> seen(String tower, boolean records, boolean parts) {
    List<double[]> seen = new ArrayList<>();
    try (SmallRun run = SmallRun.exact(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      Accumulation sum = optimizer.accumulation();
      for (int i = 0; i < STEPS; i++) {
        if (parts) {
          sum.add(0.75, step, SmallRun.rows(i, 0, 9));
          sum.add(0.25, step, SmallRun.rows(i, 9, 12));
          optimizer.update(sum.gradients());
        } else {
          step.run(SmallRun.batch(i));
        }
        seen.add(run.values(optimizer));
      }
      assertTrue(!records || run.backend.replays > STEPS / 4, "replays " + run.backend.replays);
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adam(0.01)/sgd(1e-2) heldout=2 clip=0.5",
        "adam(0.01)/adam(1e-3) group(bias, sgd(0.1)/sgd(0.1)) heldout=3 schedule=cosine(40)",
        "auto(adam) schedule=decay(0.5, 40) heldout=2",
        "auto(sgd(3, mu=0.9)) schedule=decay(0.5, 40) heldout=5 cap=100"
      })
  void replayedStepsAndPartsOfBatchesAreTheSame(String tower) {
    List<double[]> plain = seen(tower, false, false);
    List<double[]> recorded = seen(tower, true, false);
    List<double[]> parts = seen(tower, true, true);
    for (int i = 0; i < STEPS; i++) {
      assertArrayEquals(plain.get(i), recorded.get(i), tower + ", step " + i);
      assertArrayEquals(plain.get(i), parts.get(i), 1e-8, tower + ", step " + i);
    }
  }

  @Test
  void anUpdateThatIsDoneAgainIsOfTheSameKind() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.2)/sgd(0.1) heldout=2")) {
      TrainingStep step = optimizer.prepare(run::loss);
      step.run(SmallRun.batch(0));
      double[] learned = run.values(optimizer);
      assertTrue(optimizer.isHeldOut());
      step.run(SmallRun.batch(1));
      double[] tuned = run.values(optimizer);
      optimizer.undo();
      assertArrayEquals(learned, run.values(optimizer));
      assertTrue(optimizer.isHeldOut());
      optimizer.redo(Map.of());
      assertArrayEquals(tuned, run.values(optimizer));
      optimizer.undo();
      optimizer.redo(Map.of("L1.sgd.alpha", 0.125));
      assertEquals(0.125, value(optimizer, 1));
      double[] weights = SelfTuningTest.weights(run);
      step.run(SmallRun.batch(2));
      assertEquals(0.125, value(optimizer, 1), 0);
      double[] g = new double[weights.length];
      SelfTuningTest.loss(weights, 2, g);
      for (int i = 0; i < g.length; i++) {
        assertEquals(weights[i] - 0.125 * g[i], SelfTuningTest.weights(run)[i], 1e-12);
      }
    }
  }

  private static Tensor scaled(SmallRun run, List<Tensor> in) {
    return run.loss(in).mul(in.get(2));
  }

  private static Input[] batch(int seed, double scale) {
    Input[] batch = SmallRun.batch(seed);
    return new Input[] {batch[0], batch[1], Input.scalar(scale)};
  }

  /** Each update of weights is judged by the loss that comes first after it. */
  @Test
  void theGuardTakesBackWhatMovedTheWeights() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(20)/sgd(0.01) heldout=2 guard=jump(100, 2, 2)")) {
      TrainingStep step = optimizer.prepare(in -> scaled(run, in));
      double[] start = SelfTuningTest.weights(run);
      step.run(batch(0, 1));
      double[] g = new double[start.length];
      SelfTuningTest.loss(start, 0, g);
      // A batch that is held out tells that it went wrong.
      step.run(batch(1, 1000));
      assertTrue(optimizer.jumped());
      assertEquals(10, value(optimizer, 1), 1e-12);
      for (int i = 0; i < g.length; i++) {
        assertEquals(start[i] - 10 * g[i], SelfTuningTest.weights(run)[i], 1e-12);
      }
      step.run(batch(2, 1));
      assertFalse(optimizer.jumped());
      step.run(batch(3, 1));
      assertFalse(optimizer.jumped());
      double[] before = SelfTuningTest.weights(run);
      double usual = optimizer.usualLoss();
      // After a step that only tuned, no weight has moved, and nothing is to be taken back.
      step.run(batch(4, 1000));
      assertFalse(optimizer.jumped());
      assertEquals(usual, optimizer.usualLoss());
      assertFalse(Arrays.equals(before, SelfTuningTest.weights(run)));
      assertEquals(5, optimizer.steps());
    }
  }

  /** The cap is for the first update of weights, which comes after what tunes where that fails. */
  @Test
  void theFirstUpdateOfWeightsIsCappedWhateverCameBefore() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer =
            run.bind("sgd(3)/adam(0.01) heldout=2 cap=0.001 guard=jump(100, 2, 2)")) {
      TrainingStep step = optimizer.prepare(in -> scaled(run, in));
      double[] start = SelfTuningTest.weights(run);
      step.run(batch(0, Double.NaN));
      assertTrue(optimizer.jumped());
      step.run(batch(1, 1));
      assertArrayEquals(start, SelfTuningTest.weights(run));
      assertEquals(3, value(optimizer, 1));
      step.run(batch(2, 1));
      double[] moved = SelfTuningTest.weights(run);
      for (int i = 0; i < moved.length; i++) {
        moved[i] -= start[i];
      }
      assertEquals(0.001, Math.sqrt(dot(moved, moved) / dot(start, start)), 1e-6);
      step.run(batch(3, 1));
      assertEquals(4, optimizer.steps());
      assertFalse(optimizer.jumped());
    }
  }

  @Test
  void sayWhatWouldFit() {
    try (SmallRun run = SmallRun.exact(false)) {
      says("sgd(0.1)/sgd(1e-3) would fit", () -> run.bind("sgd(0.1) heldout=2"));
      says("by=agreement(0.5)", () -> run.bind("sgd(0.1)/sgd(1e-3)/sgd(1e-3) heldout=2"));
      says("group 1, level 3", () -> run.bind("sgd(1) group(bias, sgd(1)/sgd(1)^2) heldout=2"));
      run.bind("sgd(0.1) group(bias, sgd(0.1)/sgd(0.1)) heldout=2").close();
      says("2 or more", () -> Tower.parse("sgd(0.1)/sgd(1e-3) heldout=1"));
      says("2 or more", () -> Tower.parse("sgd(0.1)/sgd(1e-3) heldout=2.5"));
      says("given twice", () -> Tower.parse("sgd(0.1)/sgd(1e-3) heldout=2 heldout=2"));
      says("every second one", () -> new Sgd(0.1).tunedBy(new Sgd(0.1)).heldOut(1));
      assertEquals(0, Tower.parse("sgd(0.1)").heldOut());
      assertEquals(Tower.parse("adam" + "(1)"), Tower.parse("adam(1)").heldOut(3).heldOut(0));
    }
  }

  private static void says(String what, org.junit.jupiter.api.function.Executable work) {
    String said = assertThrows(IllegalArgumentException.class, work).getMessage();
    assertTrue(said.contains(what), said);
  }
}
