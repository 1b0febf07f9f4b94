package io.hypertape.optim;

import static io.hypertape.optim.PlainProblem.assertSteps;
import static io.hypertape.optim.PlainProblem.dot;
import static io.hypertape.optim.PlainProblem.norm;
import static io.hypertape.optim.PlainProblem.plus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.PlainProblem.Plain;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Mechanic takes the steps of its authors' formulas, which are stated here once more; these have
 * been compared with what the authors' code gives (optimizedlearning/mechanic, offsets stored;
 * AdamW's second moments beginning at ε as they do here).
 */
class MechanicStepsTest {

  /** Adam's or gradient descent's own step. */
  private static final class Base implements Plain {
    private final boolean adam;
    private final double alpha;
    private final double mu;
    private final double decay;
    private double[] m;
    private double[] v;
    private int t;

    Base(boolean adam, double alpha, double mu, double decay) {
      this.adam = adam;
      this.alpha = alpha;
      this.mu = mu;
      this.decay = decay;
    }

    @Override
    public void step(double[] p, double[] g) {
      if (t++ == 0) {
        m = new double[p.length];
        v = new double[p.length];
        Arrays.fill(v, 1e-8);
      }
      for (int i = 0; i < p.length; i++) {
        if (adam) {
          m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
          v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i];
          double mean = m[i] / (1 - Math.pow(0.9, t));
          double square = v[i] / (1 - Math.pow(0.999, t));
          p[i] -= alpha * decay * p[i] + alpha * mean / (Math.sqrt(square) + 1e-8);
        } else {
          m[i] = mu * m[i] + g[i];
          p[i] -= alpha * m[i];
        }
      }
    }
  }

  /** Cutkosky, Defazio, Mehta 2023. */
  private static final class PlainMechanic implements Plain {
    private static final double[] BETAS = {0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999};
    private final Plain base;
    private final double init;
    private final double lambda;
    private final double[] scales = new double[BETAS.length];
    private final double[] most = new double[BETAS.length];
    private final double[] squares = new double[BETAS.length];
    private final double[] reward = new double[BETAS.length];
    private double[] x0;
    private double[] offset;

    PlainMechanic(Plain base, double init, double lambda) {
      this.base = base;
      this.init = init;
      this.lambda = lambda;
      Arrays.fill(most, 1e-6);
    }

    @Override
    public void step(double[] p, double[] g) {
      if (x0 == null) {
        x0 = p.clone();
        offset = new double[p.length];
      }
      double[] moved = p.clone();
      base.step(moved, g);
      double draw = lambda * Arrays.stream(scales).sum() * norm(g) / (norm(moved) + 1e-8);
      double h = dot(offset, plus(g, draw, moved));
      offset = plus(offset, 1, plus(moved, -1, p));
      for (int k = 0; k < BETAS.length; k++) {
        most[k] = Math.max(BETAS[k] * most[k], Math.abs(h));
        squares[k] = BETAS[k] * BETAS[k] * squares[k] + h * h;
        reward[k] = Math.max(0, BETAS[k] * reward[k] - scales[k] * h);
        scales[k] = (most[k] * init / BETAS.length + reward[k]) / (Math.sqrt(squares[k]) + 1e-8);
      }
      double scale = Arrays.stream(scales).sum();
      for (int i = 0; i < p.length; i++) {
        p[i] = x0[i] + scale * offset[i];
      }
    }
  }

  @Test
  void aroundGradientDescent() {
    assertSteps("mechanic-sgd", new PlainMechanic(new Base(false, 1, 0, 0), 1e-8, 0.01));
    assertSteps(
        "mechanic-sgd(0.5, mu=0.9, init=1e-2)",
        new PlainMechanic(new Base(false, 0.5, 0.9, 0), 1e-2, 0.01));
  }

  @Test
  void aroundAdamW() {
    assertSteps("mechanic-adamw", new PlainMechanic(new Base(true, 1, 0, 0.01), 1e-8, 0.01));
    assertSteps(
        "mechanic-adamw(0.1, decay=0.1, init=1e-2, lambda=0.1)",
        new PlainMechanic(new Base(true, 0.1, 0, 0.1), 1e-2, 0.1));
  }

  @Test
  void whatSharesStateItselfCannotBeTuned() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Mechanic(new Prodigy()));
    assertTrue(e.getMessage().startsWith("mechanic: prodigy has state"), e.getMessage());
    var other =
        assertThrows(
            IllegalArgumentException.class, () -> new HypergradientDescent(new Dog(), 0.1));
    assertTrue(other.getMessage().contains("dog has state"), other.getMessage());
  }

  @Test
  void anAverageStandsAroundIt() {
    Optimizer averaged = new WeightAverage(new Sgd(1), 8);
    var e = assertThrows(IllegalArgumentException.class, () -> new Mechanic(averaged));
    assertTrue(e.getMessage().contains("an average of mechanic-sgd would fit"), e.getMessage());
    assertEquals(
        "mechanic-sgd(1, init=0.01, average=8)",
        new WeightAverage(new Mechanic(new Sgd(1), 0.01, 0.01), 8).text());
  }
}
