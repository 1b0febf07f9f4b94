package io.hypertape.optim;

import static io.hypertape.optim.PlainProblem.assertSteps;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.optim.PlainProblem.Plain;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Schedule-Free optimizers take the steps of their authors' formulas, which are stated here once
 * more; these have been compared with what the authors' code gives (schedulefree, its reference
 * implementations and, with weight decay and warm-up, its AdamW, as of July 2026).
 */
class ScheduleFreeStepsTest {

  /** Defazio et al. 2024, with z and x as they stand in the paper. */
  private static final class PlainScheduleFree implements Plain {
    private final boolean adam;
    private double alpha = 0.3;
    private double beta = 0.9;
    private double beta2 = 0.999;
    private double decay;
    private int warmup;
    private double r;
    private double power = 2;
    private double largest = -1;
    private double sum;
    private double[] x;
    private double[] z;
    private double[] v;
    private int t;

    PlainScheduleFree(boolean adam) {
      this.adam = adam;
    }

    @Override
    public void step(double[] y, double[] g) {
      if (t++ == 0) {
        x = y.clone();
        z = y.clone();
        v = new double[y.length];
      }
      double step = alpha * (t < warmup ? (double) t / warmup : 1);
      largest = Math.max(largest, step);
      double weight = Math.pow(t, r) * Math.pow(largest, power);
      sum += weight;
      for (int i = 0; i < y.length; i++) {
        z[i] -= step * decay * y[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        double root = adam ? Math.sqrt(v[i] / (1 - Math.pow(beta2, t))) + 1e-8 : 1;
        z[i] -= step * g[i] / root;
        x[i] += weight / sum * (z[i] - x[i]);
        y[i] = beta * x[i] + (1 - beta) * z[i];
      }
    }

    @Override
    public double[] evaluation(double[] y) {
      return x;
    }
  }

  @Test
  void gradientDescent() {
    assertSteps("schedule-free-sgd(0.3)", new PlainScheduleFree(false));
    PlainScheduleFree other = new PlainScheduleFree(false);
    other.beta = 0.8;
    other.decay = 0.1;
    other.warmup = 5;
    other.r = 0.5;
    other.power = 1.5;
    assertSteps("schedule-free-sgd(0.3, mu=0.8, decay=0.1, warmup=5, r=0.5, power=1.5)", other);
  }

  @Test
  void adamWithDecoupledDecay() {
    PlainScheduleFree plain = new PlainScheduleFree(true);
    plain.alpha = 0.0025;
    assertSteps("schedule-free-adamw", plain);
    PlainScheduleFree other = new PlainScheduleFree(true);
    other.alpha = 0.05;
    other.beta = 0.8;
    other.beta2 = 0.99;
    other.decay = 0.1;
    other.warmup = 5;
    other.r = 1;
    assertSteps(
        "schedule-free-adamw(0.05, beta1=0.8, beta2=0.99, decay=0.1, warmup=5, r=1)", other);
  }

  @Test
  void beforeTheFirstStepTheWeightsAreTheirOwnMean() {
    double[] start = PlainProblem.start();
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter p = new Parameter("p", session.tensor(start, start.length));
      try (TowerOptimizer optimizer =
          Tower.parse("schedule-free-adamw").bind(session, List.of(p))) {
        try (EvaluationWeights shown = optimizer.evaluation()) {
          assertArrayEquals(start, p.value().toDoubles());
        }
      }
      assertArrayEquals(start, p.value().toDoubles());
    }
  }
}
