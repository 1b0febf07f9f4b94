package io.hypertape.optim;

import static io.hypertape.optim.PlainProblem.assertSteps;
import static io.hypertape.optim.PlainProblem.dot;
import static io.hypertape.optim.PlainProblem.norm;
import static io.hypertape.optim.PlainProblem.plus;

import io.hypertape.optim.PlainProblem.Plain;
import org.junit.jupiter.api.Test;

/**
 * DoG, DoWG and averages of weights take the steps of their authors' formulas, which are stated
 * here once more; these have been compared with what the authors' code gives (formll/dog 1.0.3,
 * rka97/dowg).
 */
class DistanceStepsTest {

  /** Ivgi, Hinder, Carmon 2023. */
  private static final class PlainDog implements Plain {
    private final double alpha;
    private final double reps;
    private final double decay;
    private double[] x0;
    private double distance;
    private double squares = 1e-8;

    PlainDog(double alpha, double reps, double decay) {
      this.alpha = alpha;
      this.reps = reps;
      this.decay = decay;
    }

    @Override
    public void step(double[] p, double[] gradient) {
      double[] g = plus(gradient, decay, p);
      if (x0 == null) {
        x0 = p.clone();
        distance = reps * (1 + norm(x0));
      } else {
        distance = Math.max(distance, norm(plus(p, -1, x0)));
      }
      squares += dot(g, g);
      double eta = alpha * distance / Math.sqrt(squares);
      for (int i = 0; i < p.length; i++) {
        p[i] -= eta * g[i];
      }
    }
  }

  /** Khaled, Mishchenko, Jin 2023. */
  private static final class PlainDowg implements Plain {
    private double[] x0;
    private double distance2 = 1e-4;
    private double v;

    @Override
    public void step(double[] p, double[] g) {
      if (x0 == null) {
        x0 = p.clone();
      }
      double[] moved = plus(p, -1, x0);
      distance2 = Math.max(distance2, dot(moved, moved));
      v += distance2 * dot(g, g);
      for (int i = 0; i < p.length; i++) {
        p[i] -= distance2 * g[i] / (Math.sqrt(v) + 1e-4);
      }
    }
  }

  /** Polynomial-decay averaging of another one's weights. */
  private static class PlainAverage implements Plain {
    private final Plain base;
    private final double gamma;
    private double[] mean;
    private int t = 1;

    PlainAverage(Plain base, double gamma) {
      this.base = base;
      this.gamma = gamma;
    }

    @Override
    public void step(double[] p, double[] g) {
      if (mean == null) {
        mean = p.clone();
      }
      base.step(p, g);
      double weight = weight(t++);
      for (int i = 0; i < p.length; i++) {
        mean[i] = (1 - weight) * mean[i] + weight * p[i];
      }
    }

    double weight(int step) {
      return (gamma + 1) / (gamma + step);
    }

    @Override
    public double[] evaluation(double[] p) {
      return mean;
    }
  }

  /** Weights of k steps ago count β^k, of all that count 1. */
  private static final class PlainEma extends PlainAverage {
    private final double beta;

    PlainEma(Plain base, double beta) {
      super(base, 0);
      this.beta = beta;
    }

    @Override
    double weight(int step) {
      double sum = 0;
      for (int k = 0; k < step; k++) {
        sum += Math.pow(beta, k);
      }
      return 1 / sum;
    }
  }

  @Test
  void distanceOverGradients() {
    assertSteps("dog", new PlainDog(1, 1e-6, 0));
    assertSteps("dog(0.5, reps=1e-2, decay=0.01)", new PlainDog(0.5, 1e-2, 0.01));
  }

  @Test
  void distanceOverWeightedGradients() {
    assertSteps("dowg", new PlainDowg());
  }

  @Test
  void averagedWeightsAreEvaluatedAndTheRunIsTheSame() {
    assertSteps("dog(reps=1e-2, average=8)", new PlainAverage(new PlainDog(1, 1e-2, 0), 8));
    assertSteps("dowg(average=0)", new PlainAverage(new PlainDowg(), 0));
    assertSteps("dog(reps=1e-2, ema=0.8)", new PlainEma(new PlainDog(1, 1e-2, 0), 0.8));
    assertSteps("dowg(ema=0)", new PlainEma(new PlainDowg(), 0));
  }
}
