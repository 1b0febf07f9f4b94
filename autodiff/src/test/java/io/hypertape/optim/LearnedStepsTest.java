package io.hypertape.optim;

import static io.hypertape.optim.PlainProblem.assertSteps;
import static io.hypertape.optim.PlainProblem.dot;
import static io.hypertape.optim.PlainProblem.norm;
import static io.hypertape.optim.PlainProblem.plus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.optim.PlainProblem.Plain;
import io.hypertape.tensor.DType;
import org.junit.jupiter.api.Test;

/**
 * Hypergradient descent of Baydin et al. and online scaled gradient methods take the steps of their
 * authors' formulas, which are stated here once more. The additive rule and the scaled gradients
 * have been compared with what the authors' code gives (gbaydin/hypergradient-descent and
 * udellgroup/hypergrad, told that each step lowers the loss); of the multiplicative rule there is
 * no code by its authors.
 */
class LearnedStepsTest {

  /** Baydin et al. 2018: gradient descent with momentum. */
  private static final class PlainHypergradient implements Plain {
    private final boolean multiplies;
    private double alpha;
    private final double mu;
    private final double beta;
    private double[] direction;

    PlainHypergradient(boolean multiplies, double alpha, double mu, double beta) {
      this.multiplies = multiplies;
      this.alpha = alpha;
      this.mu = mu;
      this.beta = beta;
    }

    @Override
    public void step(double[] p, double[] g) {
      if (direction == null) {
        direction = new double[p.length];
      } else if (multiplies) {
        alpha *= 1 + beta * dot(g, direction) / (norm(g) * norm(direction));
      } else {
        alpha += beta * dot(g, direction);
      }
      direction = plus(g, mu, direction);
      for (int i = 0; i < p.length; i++) {
        p[i] -= alpha * direction[i];
      }
    }
  }

  @Test
  void theAdditiveRuleIsATower() {
    assertSteps("sgd(0.1)/sgd(0.01)", new PlainHypergradient(false, 0.1, 0, 0.01));
    assertSteps(
        "sgd(0.05, mu=0.9, tune=alpha)/sgd(0.001)",
        new PlainHypergradient(false, 0.05, 0.9, 0.001));
  }

  @Test
  void theMultiplicativeRule() {
    assertSteps("hd-sgd(0.01)", new PlainHypergradient(true, 0.01, 0, 0.02));
    assertSteps("hd-sgd(0.01, mu=0.9, beta=0.1)", new PlainHypergradient(true, 0.01, 0.9, 0.1));
  }

  /** Adam by the same rule: the direction is what Adam goes along. */
  private static final class PlainAdam implements Plain {
    private double alpha = 0.01;
    private double[] m;
    private double[] v;
    private double[] direction;
    private int t;

    @Override
    public void step(double[] p, double[] g) {
      if (t++ == 0) {
        m = new double[p.length];
        v = new double[p.length];
        java.util.Arrays.fill(v, 1e-8);
        direction = new double[p.length];
      } else {
        alpha *= 1 + 0.1 * dot(g, direction) / (norm(g) * norm(direction));
      }
      for (int i = 0; i < p.length; i++) {
        m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
        v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i];
        double square = v[i] / (1 - Math.pow(0.999, t));
        direction[i] = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(square) + 1e-8);
        p[i] -= alpha * direction[i];
      }
    }
  }

  @Test
  void theMultiplicativeRuleWithAdam() {
    assertSteps("hd-adam(0.01, beta=0.1)", new PlainAdam());
  }

  @Test
  void whatIsShownForEvaluationIsWhatTheOtherOneShows() {
    Optimizer averaged = new HypergradientDescent(new WeightAverage(new Sgd(0.01), 8), 0.02);
    Tower text = Tower.parse("hd-sgd(0.01, average=8)");
    assertEquals("hd-sgd(0.01, average=8)", averaged.text());
    assertArrayEquals(
        PlainProblem.trained(new ReferenceBackend(DType.F64), text, 6),
        PlainProblem.trained(new ReferenceBackend(DType.F64), averaged.tower(), 6));
  }

  /** Gao, Chu, Ye, Udell 2024; Chu, Gao, Ye, Udell 2025. */
  private static final class PlainScaled implements Plain {
    private final boolean isScalar;
    private final double alpha;
    private final double eta;
    private double mu;
    private double sumOfMomentum;
    private double[] scaling;
    private double[] sums;
    private double[] last;
    private double[] before;
    private double[] moved;

    PlainScaled(boolean isScalar, double alpha, double init, double mu, double eta) {
      this.isScalar = isScalar;
      this.alpha = alpha;
      this.mu = mu;
      this.eta = eta;
      scaling = new double[PlainProblem.start().length];
      java.util.Arrays.fill(scaling, init);
    }

    @Override
    public void step(double[] p, double[] g) {
      if (last == null) {
        sums = new double[p.length];
        moved = new double[p.length];
        before = p.clone();
      } else {
        double square = dot(last, last) + 1e-12;
        for (int i = 0; i < p.length; i++) {
          double h = -(isScalar ? dot(g, last) : g[i] * last[i]) / square;
          sums[i] += h * h;
          scaling[i] -= alpha * h / (Math.sqrt(sums[i]) + 1e-12);
        }
        double k = dot(g, moved) / square;
        sumOfMomentum += k * k;
        mu -= eta * k / (Math.sqrt(sumOfMomentum) + 1e-12);
        mu = Math.clamp(mu, 0, 0.9995);
      }
      last = g.clone();
      moved = plus(p, -1, before);
      before = p.clone();
      for (int i = 0; i < p.length; i++) {
        p[i] += mu * moved[i] - scaling[i] * g[i];
      }
    }
  }

  @Test
  void scaledGradients() {
    assertSteps("osgm", new PlainScaled(false, 0.1, 0, 0, 0));
    assertSteps("osgm(0.05, scalar=1)", new PlainScaled(true, 0.05, 0, 0, 0));
    assertSteps("osgm(0.01, init=0.02, scalar=1)", new PlainScaled(true, 0.01, 0.02, 0, 0));
  }

  @Test
  void scaledGradientsWithMomentum() {
    assertSteps("hdm", new PlainScaled(false, 0.1, 0, 0.95, 1));
    assertSteps("hdm(0.05, scalar=1)", new PlainScaled(true, 0.05, 0, 0.95, 1));
    assertSteps(
        "hdm(0.05, init=0.01, mu=0.5, eta=0.2)", new PlainScaled(false, 0.05, 0.01, 0.5, 0.2));
  }
}
