package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Scope;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The self-tuning tower against {@link TowerOracle}, and against itself where it is recorded. */
class SelfTuningTest {

  private static final int STEPS = 120;
  private static final int ROWS = 12;

  /** The loss of {@link SmallRun}, weight before bias, with its gradient by hand. */
  static double loss(double[] w, int batch, double[] gradient) {
    Input[] inputs = SmallRun.batch(batch);
    double[] x = numbers(inputs[0]);
    double[] labels = numbers(inputs[1]);
    double loss = 0;
    for (int r = 0; r < ROWS; r++) {
      double[] output = new double[SmallRun.CLASSES];
      double sum = 0;
      for (int c = 0; c < SmallRun.CLASSES; c++) {
        double z = w[SmallRun.CLASSES * SmallRun.FEATURES + c];
        for (int f = 0; f < SmallRun.FEATURES; f++) {
          z += w[c * SmallRun.FEATURES + f] * x[r * SmallRun.FEATURES + f];
        }
        output[c] = Math.tanh(z);
        sum += Math.exp(output[c]);
      }
      loss -= (output[(int) labels[r]] - Math.log(sum)) / ROWS;
      for (int c = 0; c < SmallRun.CLASSES; c++) {
        double by = Math.exp(output[c]) / sum - (c == labels[r] ? 1 : 0);
        double dz = by * (1 - output[c] * output[c]) / ROWS;
        gradient[SmallRun.CLASSES * SmallRun.FEATURES + c] += dz;
        for (int f = 0; f < SmallRun.FEATURES; f++) {
          gradient[c * SmallRun.FEATURES + f] += dz * x[r * SmallRun.FEATURES + f];
        }
      }
    }
    return loss;
  }

  private static double[] numbers(Input input) {
    try (SmallRun run = SmallRun.exact(false);
        Scope unused = run.session.scratch()) {
      return input.create(run.session).toDoubles();
    }
  }

  static double[] weights(SmallRun run) {
    double[] weight = run.weight.value().toDoubles();
    double[] bias = run.bias.value().toDoubles();
    double[] all = java.util.Arrays.copyOf(weight, weight.length + bias.length);
    System.arraycopy(bias, 0, all, weight.length, bias.length);
    return all;
  }

  private static String base(String name, double start) {
    return switch (name) {
      case "sgd" -> "sgd(" + start + ")";
      case "momentum" -> "sgd(" + start + ", mu=0.9)";
      default -> "adam(" + start + ")";
    };
  }

  private static double value(TowerOptimizer optimizer, int level) {
    return optimizer.hyperparameters().stream()
        .filter(h -> h.level() == level && h.name().equals("alpha"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, 1e-8, true",
    "sgd, 0.1, true",
    "sgd, 10, true",
    "sgd, 1000, false",
    "momentum, 1e-8, true",
    "momentum, 0.1, true",
    "momentum, 30, false",
    "adam, 1e-8, true",
    "adam, 1e-3, true",
    "adam, 10, true",
    "adam, 3, false"
  })
  void eachStepIsThatOfTheMethod(String name, double start, boolean caps) {
    Tower tower =
        SelfTuning.of(Tower.parse(base(name, start)).levels().getFirst().optimizer())
            .cappedAt(caps ? 1e-5 : 0, caps ? 0.001 : Double.POSITIVE_INFINITY)
            .over(STEPS);
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = tower.bind(run.session, List.of(run.weight, run.bias))) {
      TowerOracle oracle =
          new TowerOracle(
              SelfTuningTest::loss,
              TowerOracle.of(name),
              weights(run),
              start,
              STEPS,
              caps ? 1e-5 : 0,
              caps ? 0.001 : Double.POSITIVE_INFINITY);
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        TowerOracle.Step expected = oracle.step();
        double loss = step.run(SmallRun.batch(i)).item();
        String at = name + " from " + start + ", step " + i;
        assertEquals(expected.loss(), loss, 1e-7 * Math.abs(expected.loss()), at);
        assertEquals(expected.jumped(), optimizer.jumped(), at);
        assertEquals(expected.alpha(), value(optimizer, 1), 1e-6 * expected.alpha(), at);
        assertEquals(expected.kappa(), value(optimizer, 2), 1e-6, at);
        assertArrayEquals(oracle.w, weights(run), 1e-6, at);
        assertEquals(i + 1, optimizer.steps());
      }
      assertEquals(oracle.jumps, optimizer.jumps());
      assertTrue(caps || oracle.jumps > 0, "no loss jumped");
    }
  }
}
