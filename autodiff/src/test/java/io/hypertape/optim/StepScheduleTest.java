package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.cpu.CpuBackends;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepScheduleTest {

  private static double[] factors(String text, int steps) {
    StepSchedule schedule = StepSchedule.parse(text);
    double[] factors = new double[steps];
    for (int i = 0; i < steps; i++) {
      factors[i] = schedule.factor(i);
    }
    return factors;
  }

  @Test
  void factorsHaveTheirClosedForms() {
    assertArrayEquals(new double[] {1, 1, 1}, factors("constant", 3));
    assertArrayEquals(new double[] {1, 1, 0.5, 0.5, 0.25}, factors("step(2, 0.5)", 5), 1e-15);
    assertArrayEquals(
        new double[] {1, 1, 0.1, 0.01, 0.01}, factors("milestones(2, 3, 0.1)", 5), 1e-15);
    double half = Math.sqrt(0.5) / 2;
    assertArrayEquals(
        new double[] {1, 0.5 + half, 0.5, 0.5 - half, 0, 0}, factors("cosine(4)", 6), 1e-15);
    assertArrayEquals(new double[] {0.25, 0.5, 0.75, 1, 1, 1}, factors("warmup(4)", 6), 1e-15);
    assertArrayEquals(
        new double[] {1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0}, factors("decay(0.5, 8)", 10), 1e-15);
    assertArrayEquals(new double[] {1, 0.5, 0}, factors("decay(1, 2)", 3));
    assertArrayEquals(new double[] {1, 1, 1, 0}, factors("decay(1e-3, 3)", 4));
    assertArrayEquals(
        new double[] {0.5, 1, 1, 1, 1, 0.5, 0}, factors("warmup(2, decay(0.5, 4))", 7));
    assertArrayEquals(
        new double[] {0.5, 1, 1, 0.1, 0.01}, factors("warmup(2, step(1, 0.1))", 5), 1e-15);
    assertEquals(0, StepSchedule.cosine(10).factor(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constant",
        "step(30, 0.1)",
        "milestones(32000, 48000, 0.1)",
        "cosine(5000)",
        "cosine",
        "warmup(100, cosine)",
        "decay(0.5)",
        "decay(1, 1000)",
        "ondemand",
        "warmup(10, ondemand)",
        "warmup(100, decay(0.25))",
        "warmup(100)",
        "warmup(10, step(30, 0.5))"
      })
  void writesWhatItReads(String text) {
    assertEquals(text, StepSchedule.parse(text).text());
    Tower tower = new Sgd(0.1).tunedBy(new Sgd(1e-3)).scheduledBy(StepSchedule.parse(text));
    assertEquals(tower, Tower.parse(tower.toString()));
    assertEquals(tower.clippedTo(2), Tower.parse(tower.clippedTo(2).toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "linear(3)|0|unknown schedule 'linear'",
        "warmup:400,cosine|6|unexpected ':'; '(' is needed",
        "step(3)|6|unexpected ')'; ',' is needed",
        "step(0, 0.1)|5|a whole number of steps",
        "step(2, 0)|0|factor is 0",
        "milestones(0.1)|0|no step is given",
        "milestones(3, 2, 0.1)|0|2 after 3; steps must rise",
        "milestones(3, 1.5, 0.1)|14|a whole number of steps",
        "cosine(1.5)|7|a whole number of steps",
        "cosine(1e300)|7|a whole number of steps",
        "cosine(NaN)|7|a whole number of steps",
        "step(2, infinity)|0|factor is Infinity",
        "warmup(3,|9|a schedule's name",
        "constant x|9|unexpected 'x'",
        "decay|5|unexpected end; '(' is needed",
        "decay()|6|a number is needed",
        "decay(0)|0|decay: fraction is 0.0; it must be above 0 and at most 1",
        "decay(1.5, 3)|0|fraction is 1.5",
        "decay(nan)|0|fraction is NaN",
        "decay(0.5, 0)|11|a whole number of steps",
        "decay(0.5 3)|10|unexpected '3'; ')' is needed",
        "\"\"|0|unexpected end"
      })
  void errorsPointAtTheCharacter(String text, int position, String part) {
    TowerSyntaxException e =
        assertThrows(TowerSyntaxException.class, () -> StepSchedule.parse(text));
    assertEquals(position, e.position(), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().startsWith("schedule: "), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant|constant",
        "step(300, 0.1)|step(300, 0.1)",
        "cosine(5)|cosine(5)",
        "cosine|cosine(1000)",
        "warmup(50)|warmup(50)",
        "ondemand|ondemand",
        "decay(0.5)|decay(0.5, 1000)",
        "decay(0.5, 7)|decay(0.5, 7)",
        "warmup(50, decay(0.2))|warmup(50, decay(0.2, 950))",
        "warmup(50, cosine)|warmup(50, cosine(950))",
        "warmup(2000, cosine)|warmup(2000, cosine(1))",
        "warmup(5, warmup(5, cosine))|warmup(5, warmup(5, cosine(990)))"
      })
  void schedulesOfARunOf1000Steps(String text, String schedule) {
    assertEquals(schedule, StepSchedule.parse(text).over(1000).text());
    assertEquals(
        "sgd(0.1)" + (text.equals("constant") ? "" : " schedule=" + schedule),
        Tower.parse("sgd(0.1) schedule=" + text).over(1000).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant|ondemand|true",
        "decay(0.3)|ondemand|true",
        "warmup(5, decay(0.3))|warmup(5, ondemand)|true",
        "warmup(5)|warmup(5, ondemand)|true",
        "decay(0.3, 9)|decay(0.3, 9)|false",
        "cosine|cosine|false",
        "step(3, 0.5)|step(3, 0.5)|false"
      })
  void schedulesOfARunOfUnknownLength(String text, String schedule, boolean onDemand) {
    StepSchedule open = StepSchedule.parse(text).openEnded();
    assertEquals(schedule, open.text());
    assertEquals(onDemand, open.isOnDemand());
    assertEquals(
        "sgd(0.1) schedule=" + schedule,
        Tower.parse("sgd(0.1) schedule=" + text).openEnded().toString());
  }

  @Test
  void whatElseATowerHasItKeeps() {
    Tower tower = Tower.parse("auto(adam) clip=3 group(b, sgd(1))");
    assertEquals(tower.scheduledBy(StepSchedule.onDemand()), tower.openEnded());
  }

  @Test
  void aRunOfUnknownLengthIsRefused() {
    try (Session session = Session.open(Device.REFERENCE)) {
      List<Parameter> parameters = List.of(new Parameter("w", session.scalar(1)));
      for (String text : List.of("cosine", "warmup(3, cosine)", "decay(0.5)")) {
        Tower tower = Tower.parse("sgd(0.1) schedule=" + text);
        IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> tower.bind(session, parameters));
        String example = text.startsWith("decay") ? "decay(0.5, 5000)" : "cosine(5000)";
        assertTrue(e.getMessage().contains("as in " + example), e.getMessage());
      }
    }
  }

  @Test
  void deepNestingIsRefused() {
    assertThrows(TowerSyntaxException.class, () -> StepSchedule.parse("warmup(1,".repeat(100_000)));
  }

  /** Loss 2·w: each step takes α·factor·2 off. */
  @Test
  void theFactorMultipliesTheStepSize() {
    for (String tower :
        new String[] {
          "sgd(0.1) schedule=warmup(2, step(3, 0.5))",
          "sgd-per-param(w=0.1) schedule=warmup(2, step(3, 0.5))"
        }) {
      double[] factors = factors("warmup(2, step(3, 0.5))", 12);
      try (Session session = Session.open(Device.REFERENCE)) {
        Parameter w = new Parameter("w", session.scalar(1));
        try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w))) {
          double expected = 1;
          for (double factor : factors) {
            optimizer.step(() -> w.value().mul(2));
            expected -= 0.1 * factor * 2;
            assertEquals(expected, w.value().item(), 1e-14);
          }
          assertEquals(0.1, optimizer.hyperparameters().get(0).value(), "before the factor");
        }
      }
    }
  }

  /** dL/dα of a step is −⟨g, factor of the step before · g before⟩. */
  @Test
  void hypergradientsPassThroughTheFactor() {
    double[] factors = factors("cosine(10)", 10);
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.scalar(1));
      try (TowerOptimizer optimizer =
          Tower.parse("sgd(0.1)/sgd(0.01) schedule=cosine(10)").bind(session, List.of(w))) {
        double alpha = 0.1;
        double p = 1;
        for (int i = 0; i < 10; i++) {
          optimizer.step(() -> w.value().mul(2));
          alpha += i == 0 ? 0 : 0.01 * 4 * factors[i - 1];
          p -= alpha * factors[i] * 2;
          assertEquals(alpha, optimizer.hyperparameters().get(0).value(), 1e-14);
          assertEquals(p, w.value().item(), 1e-14);
        }
      }
    }
  }

  /** Square roots, which RMSProp stores, are of what the factor multiplies. */
  @Test
  void levelsAboveAreNotScheduled() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.scalar(1));
      try (TowerOptimizer optimizer =
          Tower.parse("sgd(0.1)/rmsprop-alpha(0.01, gamma=0.5) schedule=step(1, 1e-9)")
              .bind(session, List.of(w))) {
        double alpha = 0.1;
        double mean = 0;
        double[] factors = factors("step(1, 1e-9)", 3);
        for (int i = 0; i < 3; i++) {
          optimizer.step(() -> w.value().mul(2));
          double g = i == 0 ? 0 : -4 * factors[i - 1];
          mean = 0.5 * mean + 0.5 * g * g;
          alpha -= 0.01 * g / Math.sqrt(mean + 1e-8);
          assertEquals(alpha, optimizer.hyperparameters().get(0).value(), 1e-12);
        }
      }
    }
  }

  /** Replayed steps read the factor where it is, so that they equal unprepared ones, in bits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1)/sgd(1e-3) schedule=warmup(5, cosine(30)) clip=0.5",
        "adamw(0.01, decay=0.1)/sgd(1e-4) schedule=step(7, 0.5) clip=1",
        "rmsprop(0.01, decay=0.1) schedule=cosine(40)",
        "adam(0.01, log=alpha)/sgd(1e-2) schedule=decay(0.5, 40)"
      })
  void replayedStepsFollowTheSchedule(String tower) {
    double[][] weights = new double[2][];
    for (int k = 0; k < 2; k++) {
      ReplayingBackend backend = new ReplayingBackend(CpuBackends.open("SCALAR", 1), k == 1);
      try (Session session = Session.over(backend)) {
        Parameter w = new Parameter("w", session.normal(new int[] {4, 3}, 1, 1));
        Parameter b = new Parameter("b", session.normal(new int[] {4}, 1, 2));
        try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w, b))) {
          Function<Tensor, Tensor> loss =
              in -> in.matmulTransposed(w.value()).add(b.value()).tanh().square().mean();
          TrainingStep step = optimizer.prepare(in -> loss.apply(in.get(0)));
          float[] x = new float[15];
          for (int i = 0; i < 40; i++) {
            for (int j = 0; j < x.length; j++) {
              x[j] = (float) Math.sin(i * 15 + j);
            }
            if (k == 0) {
              optimizer.step(() -> loss.apply(session.tensor(x, 5, 3)));
            } else {
              step.run(Input.floats(x, 5, 3));
            }
          }
        }
        assertEquals(k == 1, backend.replays > 30, backend.replays + " replays");
        weights[k] = w.value().toDoubles();
      }
    }
    assertArrayEquals(weights[0], weights[1]);
  }
}
