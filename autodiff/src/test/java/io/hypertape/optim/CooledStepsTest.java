package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Step sizes fall to 0 when somebody asks for it. */
class CooledStepsTest {

  private static final int STEPS = 24;

  /** Loss 2w: each step takes α·factor·2 off. */
  private static List<Double> factors(String schedule, int after, long over, int steps) {
    List<Double> factors = new ArrayList<>();
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.scalar(1));
      Tower tower = Tower.parse("sgd(0.5) schedule=" + schedule);
      try (TowerOptimizer optimizer = tower.bind(session, List.of(w))) {
        for (int i = 0; i < steps; i++) {
          if (i == after) {
            assertEquals(OptionalLong.empty(), optimizer.coolDownEnd());
            optimizer.coolDown(over);
            assertEquals(OptionalLong.of(after + over), optimizer.coolDownEnd());
          }
          double before = w.value().item();
          optimizer.step(() -> w.value().mul(2));
          factors.add(before - w.value().item());
        }
      }
    }
    return factors;
  }

  @Test
  void theFactorFallsFromWhatItIs() {
    assertEquals(List.of(1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0), factors("ondemand", 2, 4, 8));
    assertEquals(List.of(1.0, 0.0, 0.0), factors("ondemand", 0, 1, 3));
    assertEquals(List.of(0.25, 0.5, 0.75, 0.375, 0.0), factors("warmup(4, ondemand)", 2, 2, 5));
    assertEquals(List.of(1.0, 0.5, 0.25, 0.125, 0.0), factors("step(1, 0.5)", 2, 2, 5));
    // As if its end had been known.
    assertEquals(factors("decay(0.5, 8)", 99, 1, 9), factors("ondemand", 4, 4, 9));
  }

  /** What a run gives, in single precision, with a cool-down after some steps. */
  private static double[] train(String tower, boolean records, int after) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      List<Double> seen = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        cool(optimizer, i, after);
        step.run(SmallRun.batch(i));
        for (double value : run.values(optimizer)) {
          seen.add(value);
        }
      }
      assertEquals(records, run.backend.replays > STEPS - 8, run.backend.replays + " replays");
      return seen.stream().mapToDouble(v -> v).toArray();
    }
  }

  private static void cool(TowerOptimizer optimizer, int step, int after) {
    if (step == after && optimizer.coolDownEnd().isEmpty()) {
      optimizer.coolDown(9);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1, mu=0.9)/sgd(1e-2) schedule=ondemand",
        "adam(0.01, log=alpha)/sgd(1e-2) clip=1 schedule=warmup(14, ondemand)",
        "adamw(0.01) schedule=cosine(40)",
        "auto(adam)"
      })
  void recordedStepsFollowItWithTheSameBits(String text) {
    Tower parsed = Tower.parse(text);
    String tower = (text.startsWith("auto") ? parsed.openEnded() : parsed).toString();
    double[] cooled = train(tower, false, 10);
    assertArrayEquals(cooled, train(tower, true, 10));
    double[] other = train(tower, true, 99);
    int each = cooled.length / STEPS;
    // Differs in what came after the first step of it, which has the factor that was.
    assertEquals(11 * each, java.util.Arrays.mismatch(cooled, other) / each * each);
  }

  /** A factor that is 1 changes no bit. */
  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.1, mu=0.9)/sgd(1e-2)", "adam(0.01)/adam(1e-3)/sgd(1e-4)"})
  void untilItIsAskedForNothingIsChanged(String tower) {
    assertArrayEquals(train(tower, true, 99), train(tower + " schedule=ondemand", true, 99));
  }

  private static Map<String, double[]> numbers(TowerSnapshot snapshot) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    snapshot.tensors().forEach((name, tensor) -> numbers.put(name, tensor.toDoubles()));
    return numbers;
  }

  private static TowerSnapshot snapshot(
      SmallRun run, TowerSnapshot form, Map<String, double[]> numbers) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    form.tensors()
        .forEach((name, t) -> tensors.put(name, run.session.tensor(numbers.get(name), t.shape())));
    return new TowerSnapshot(form.tower(), form.steps(), tensors);
  }

  /** Asked for after 8 steps, and stopped before or after that, in its midst, or at its end. */
  @ParameterizedTest
  @CsvSource({"7, false", "8, false", "8, true", "9, false", "12, false", "17, false", "20, false"})
  void aRunThatGoesOnCoolsDownOn(int stop, boolean asked) {
    String tower = "adam(0.01, log=alpha)/sgd(1e-1) schedule=warmup(3, ondemand)";
    double[] whole = train(tower, true, 8);
    int each = whole.length / STEPS;
    try (SmallRun first = SmallRun.cpu(true);
        TowerOptimizer optimizer = first.bind(tower)) {
      TrainingStep step = optimizer.prepare(first::loss);
      for (int i = 0; i < stop; i++) {
        cool(optimizer, i, 8);
        step.run(SmallRun.batch(i));
      }
      if (asked) {
        optimizer.coolDown(9);
      }
      TowerSnapshot live = optimizer.snapshot();
      assertEquals(stop > 8 || asked, live.tensors().containsKey("schedule/cool-down"));
      Map<String, double[]> numbers = numbers(live);
      try (SmallRun second = SmallRun.cpu(true);
          TowerOptimizer further = second.bind(tower)) {
        further.restore(snapshot(second, live, numbers));
        assertEquals(optimizer.coolDownEnd(), further.coolDownEnd());
        TrainingStep next = further.prepare(second::loss);
        for (int i = stop; i < STEPS; i++) {
          cool(further, i, 8);
          next.run(SmallRun.batch(i));
          assertArrayEquals(
              java.util.Arrays.copyOfRange(whole, i * each, (i + 1) * each),
              second.values(further),
              "step " + (i + 1));
        }
      }
    }
  }

  @Test
  void anUpdateThatIsDoneAgainHasItsFactor() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1) schedule=ondemand")) {
      for (int i = 0; i < 4; i++) {
        if (i == 2) {
          optimizer.coolDown(2);
        }
        int batch = i;
        optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(batch))));
        double[] after = run.values();
        optimizer.undo();
        optimizer.redo(Map.of());
        assertArrayEquals(after, run.values());
      }
      double[] end = run.values();
      optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(9))));
      assertArrayEquals(end, run.values());
    }
  }

  @Test
  void whatCannotCoolDownSaysSo() {
    try (SmallRun run = SmallRun.exact(false)) {
      try (TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
        refused(IllegalStateException.class, "schedule=ondemand", () -> optimizer.coolDown(3));
      }
      try (TowerOptimizer optimizer = run.bind("sgd(0.1) schedule=ondemand")) {
        refused(IllegalArgumentException.class, "0 steps; at least 1", () -> optimizer.coolDown(0));
        refused(
            IllegalStateException.class,
            "in the midst of a step",
            () ->
                optimizer.step(
                    () -> run.loss(run.tensors(SmallRun.batch(0))), loss -> optimizer.coolDown(1)));
        optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(0))));
        optimizer.coolDown(Long.MAX_VALUE);
        assertEquals(OptionalLong.of(Long.MAX_VALUE), optimizer.coolDownEnd());
        refused(
            IllegalStateException.class,
            "there is one already, from step 2 to step",
            () -> optimizer.coolDown(3));
      }
    }
  }

  private static void refused(Class<? extends Exception> kind, String why, Runnable call) {
    Exception e = assertThrows(kind, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  /** A file may say anything. */
  @Test
  void aStateOfNoCoolDownIsRefused() {
    String text = "sgd(0.1) schedule=ondemand";
    try (SmallRun run = SmallRun.exact(false)) {
      TowerSnapshot form;
      Map<String, double[]> numbers;
      try (TowerOptimizer optimizer = run.bind(text)) {
        optimizer.coolDown(3);
        form = optimizer.snapshot();
        numbers = numbers(form);
        form = snapshot(run, form, numbers);
      }
      for (double[] wrong :
          new double[][] {
            {-1, 0, 0, 3, 0, 0, 1, 0, 0},
            {0, 0, 0, 0, 0, 0, 1, 0, 0},
            {0, 0, 0, 3, 0, 0, Double.NaN, 0, 0}
          }) {
        numbers.put("schedule/cool-down", wrong);
        TowerSnapshot hostile = snapshot(run, form, numbers);
        try (TowerOptimizer optimizer = run.bind(text)) {
          refused(
              IllegalArgumentException.class,
              "state of a tower: schedule/cool-down: a cool-down after",
              () -> optimizer.restore(hostile));
          assertEquals(OptionalLong.empty(), optimizer.coolDownEnd());
        }
      }
      TowerSnapshot constant = new TowerSnapshot("sgd(0.1)", 0, form.tensors());
      try (TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
        refused(
            IllegalArgumentException.class,
            "have no schedule/cool-down",
            () -> optimizer.restore(constant));
      }
    }
  }
}
