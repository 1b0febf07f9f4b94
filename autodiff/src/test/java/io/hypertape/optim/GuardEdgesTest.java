package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.cpu.CpuBackends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Self-tuning towers on losses and gradients that are no numbers, or say nothing. */
class GuardEdgesTest {

  /** |w|² · factor + √(0·Σw + root): a root of 0 has a gradient that is no number. */
  private static final class Bowl implements AutoCloseable {
    final Session session;
    final Parameter w;
    final Parameter idle;
    final TowerOptimizer optimizer;
    final TrainingStep step;

    Bowl(String tower, boolean records) {
      session = Session.over(new ReplayingBackend(CpuBackends.open("SCALAR", 1), records));
      w = session.scoped(() -> new Parameter("w", session.tensor(new double[] {1, -2, 3}, 3)));
      idle = session.scoped(() -> new Parameter("idle", session.ones(2)));
      optimizer = Tower.parse(tower).over(400).bind(session, List.of(w, idle));
      step = optimizer.prepare(this::loss);
    }

    private Tensor loss(List<Tensor> in) {
      Tensor root = w.value().sum().mul(0).add(in.get(1)).sqrt();
      return w.value().square().sum().mul(in.get(0)).add(root);
    }

    double run(double factor, double root) {
      return step.run(Input.scalar(factor), Input.scalar(root)).item();
    }

    double alpha(int group) {
      return optimizer.hyperparameters().stream()
          .filter(h -> h.level() == 1 && h.group() == group && h.name().equals("alpha"))
          .findFirst()
          .orElseThrow()
          .value();
    }

    void checkFinite(String at) {
      for (Parameter each : List.of(w, idle)) {
        double[] values = each.value().toDoubles();
        assertTrue(Arrays.stream(values).allMatch(Double::isFinite), at + Arrays.toString(values));
      }
    }

    @Override
    public void close() {
      optimizer.close();
      session.close();
    }
  }

  private static double[] weights(
      String tower, boolean records, IntToDoubleFunction factor, int steps) {
    try (Bowl bowl = new Bowl(tower, records)) {
      for (int i = 0; i < steps; i++) {
        double at = factor.applyAsDouble(i);
        bowl.run(at, 1);
        assertEquals(!Double.isFinite(at), bowl.optimizer.jumped(), "step " + i);
        bowl.checkFinite("step " + i);
      }
      assertEquals(steps, bowl.optimizer.steps());
      return bowl.w.value().toDoubles();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "auto(adam), NaN",
    "auto(adam), Infinity",
    "auto(sgd), -Infinity",
    "'auto(sgd(10, mu=0.9))', NaN"
  })
  void firstBatchesThatAreNoNumbersAreDropped(String tower, double bad) {
    for (int drops : new int[] {1, 3}) {
      double[] late = weights(tower, true, i -> i < drops ? bad : 1, 12 + drops);
      assertArrayEquals(late, weights(tower, false, i -> i < drops ? bad : 1, 12 + drops));
      // The cap is that of the first update, whichever step that is.
      assertArrayEquals(weights(tower, false, i -> 1, 12), late, 1e-6);
    }
  }

  @Test
  void aLossOfMinusInfinityIsAJump() {
    weights("auto(sgd)", true, i -> i == 10 ? Double.NEGATIVE_INFINITY : 1, 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto(adam)", "auto(sgd(mu=0.9))"})
  void gradientsThatAreNoNumbersEndNothing(String tower) {
    try (Bowl bowl = new Bowl(tower, true)) {
      for (int i = 0; i < 40; i++) {
        // The last update of step 10 is taken back at step 11, and then there is none any more.
        bowl.run(i == 11 || i == 12 ? Double.NaN : 1, i == 0 || i == 10 ? 0 : 1);
        boolean isBad = i == 0 || i == 11 || i == 12;
        assertTrue(i > 12 || bowl.optimizer.jumped() == isBad, "step " + i);
        if (i != 10) {
          bowl.checkFinite("step " + i);
        }
      }
      assertTrue(bowl.alpha(0) < 1);
    }
  }

  @Test
  void aStepSizeOfWhichNothingIsLeftIsNotCut() {
    try (Bowl bowl = new Bowl("auto(sgd)", false)) {
      bowl.run(1, 1);
      bowl.optimizer.undo();
      bowl.optimizer.redo(Map.of("L1.sgd.alpha", Double.MIN_VALUE));
      double left = bowl.alpha(0);
      assertEquals(0, left / 2);
      bowl.run(Double.NaN, 1);
      assertTrue(bowl.optimizer.jumped());
      assertEquals(left, bowl.alpha(0));
      bowl.run(1, 1);
      bowl.checkFinite("after a jump");
    }
  }

  @Test
  void gradientsWhoseNormOverflowsAreNumbers() {
    try (Bowl bowl = new Bowl("auto(sgd)", true)) {
      double first = bowl.run(1e25, 1);
      assertFalse(bowl.optimizer.jumped());
      assertTrue(bowl.run(1e25, 1) < first);
    }
  }

  @Test
  void whatAllBatchesFailOnIsTakenInTheEnd() {
    try (Bowl bowl = new Bowl("auto(adam)", true)) {
      for (int i = 0; i < Guard.PATIENCE; i++) {
        bowl.run(Double.NaN, 1);
        assertTrue(bowl.optimizer.jumped(), "step " + i);
      }
      bowl.run(Double.NaN, 1);
      assertFalse(bowl.optimizer.jumped());
      bowl.run(1, 1);
      bowl.run(1, 1);
      bowl.checkFinite("once they are numbers");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto(adam)", "auto(sgd(mu=0.9))"})
  void withoutAGradientAStepSizeStaysWhatItIs(String tower) {
    try (Bowl bowl = new Bowl(tower + " group(idle, " + tower + ")", true)) {
      for (int i = 0; i < 150; i++) {
        bowl.run(i < 120 ? 0 : 1, 1);
        bowl.checkFinite("step " + i);
        // Of both groups' weights none has moved, nor could it.
        assertTrue(i >= 120 || Math.abs(bowl.alpha(0) - 1e-3) < 1e-9, "step " + i);
        assertTrue(i >= 120 || Math.abs(bowl.alpha(1) - 1e-3) < 1e-9, "step " + i);
        assertTrue(bowl.alpha(1) < 1.001e-3, "step " + i);
      }
    }
  }

  @Test
  void goesOnWhereNothingButBadBatchesHasBeen() {
    String tower = "auto(adam)";
    double[] expected = weights(tower, true, i -> i < 2 ? Double.NaN : 1, 8);
    try (Bowl first = new Bowl(tower, true);
        Bowl second = new Bowl(tower, true)) {
      first.run(Double.NaN, 1);
      TowerSnapshot snapshot = first.optimizer.snapshot();
      Map<String, Tensor> copies = new HashMap<>();
      List<Tensor> held = new ArrayList<>();
      snapshot
          .tensors()
          .forEach(
              (name, t) -> {
                held.add(second.session.tensor(t.toDoubles(), t.shape()));
                copies.put(name, held.getLast());
              });
      second.optimizer.restore(new TowerSnapshot(snapshot.tower(), snapshot.steps(), copies));
      for (int i = 1; i < 8; i++) {
        second.run(i < 2 ? Double.NaN : 1, 1);
      }
      assertArrayEquals(expected, second.w.value().toDoubles());
    }
  }
}
