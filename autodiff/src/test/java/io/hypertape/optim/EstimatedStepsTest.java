package io.hypertape.optim;

import static io.hypertape.optim.PlainProblem.assertSteps;
import static io.hypertape.optim.PlainProblem.dot;
import static io.hypertape.optim.PlainProblem.norm;
import static io.hypertape.optim.PlainProblem.plus;

import io.hypertape.optim.PlainProblem.Plain;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Prodigy and D-Adaptation take the steps of their authors' formulas, which are stated here once
 * more; these have been compared with what the authors' code gives (prodigyopt's reference
 * implementation and dadaptation, as of January 2025).
 */
class EstimatedStepsTest {

  private static double[] zeros() {
    return new double[PlainProblem.start().length];
  }

  private static double sumOfMagnitudes(double[] a) {
    double sum = 0;
    for (double value : a) {
      sum += Math.abs(value);
    }
    return sum;
  }

  private static double correction(boolean on, double beta1, double beta2, int t) {
    return on ? Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)) : 1;
  }

  /** Mishchenko, Defazio 2023. */
  private static final class PlainProdigy implements Plain {
    private IntToDoubleFunction alpha = t -> 1;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double beta3 = Math.sqrt(beta2);
    private double decay;
    private double d0 = 1e-6;
    private double coef = 1;
    private double growth = Double.POSITIVE_INFINITY;
    private boolean bias;
    private boolean safeguard;
    private double d;
    private double most;
    private double r;
    private double[] m;
    private double[] v;
    private double[] s;
    private double[] x0;
    private int t;

    @Override
    public void step(double[] p, double[] g) {
      if (t++ == 0) {
        x0 = p.clone();
        m = zeros();
        v = zeros();
        s = zeros();
        d = d0;
        most = d0;
      }
      double step = d * alpha.applyAsDouble(t) * correction(bias, beta1, beta2, t);
      r = beta3 * r + d / d0 * step * dot(g, plus(x0, -1, p));
      for (int i = 0; i < p.length; i++) {
        m[i] = beta1 * m[i] + d * (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + d * d * (1 - beta2) * g[i] * g[i];
        s[i] = beta3 * s[i] + d / d0 * (safeguard ? d : step) * g[i];
      }
      double hat = coef * r / sumOfMagnitudes(s);
      if (d == d0) {
        d = Math.max(d, hat);
      }
      most = Math.max(most, hat);
      d = Math.min(most, d * growth);
      for (int i = 0; i < p.length; i++) {
        p[i] -= decay * step * p[i];
        p[i] -= step * m[i] / (Math.sqrt(v[i]) + d * 1e-8);
      }
    }
  }

  @Test
  void prodigy() {
    assertSteps("prodigy", new PlainProdigy());
    PlainProdigy other = new PlainProdigy();
    other.alpha = t -> 0.5;
    other.beta1 = 0.8;
    other.beta2 = 0.99;
    other.beta3 = Math.sqrt(0.99);
    other.decay = 0.1;
    other.growth = 1.5;
    other.coef = 2;
    other.d0 = 1e-2;
    assertSteps(
        "prodigy(0.5, beta1=0.8, beta2=0.99, decay=0.1, growth=1.5, coef=2, d0=1e-2)", other);
  }

  @Test
  void prodigyCorrectsItsMeansAndIsSafeguardedIfAsked() {
    PlainProdigy corrected = new PlainProdigy();
    corrected.beta3 = 0.9;
    corrected.bias = true;
    corrected.safeguard = true;
    corrected.d0 = 1e-2;
    assertSteps("prodigy(beta3=0.9, bias=1, safeguard=1, d0=1e-2)", corrected);
  }

  @Test
  void aScheduleMultipliesProdigysFactor() {
    PlainProdigy scheduled = new PlainProdigy();
    scheduled.alpha = t -> (1 + Math.cos(Math.PI * (t - 1) / PlainProblem.STEPS)) / 2;
    scheduled.d0 = 1e-2;
    scheduled.safeguard = true;
    assertSteps("prodigy(d0=1e-2, safeguard=1) schedule=cosine", scheduled);
  }

  /** Defazio, Mishchenko 2023, with Adam. */
  private static final class PlainDAdaptAdam implements Plain {
    private double alpha = 1;
    private double beta2 = 0.999;
    private double decay;
    private double d = 1e-6;
    private double growth = Double.POSITIVE_INFINITY;
    private boolean bias;
    private double r;
    private final double[] m = zeros();
    private final double[] v = zeros();
    private final double[] s = zeros();
    private int t;

    @Override
    public void step(double[] p, double[] gradient) {
      t++;
      double[] g = plus(gradient, decay, p);
      double beta3 = Math.sqrt(beta2);
      double step = d * alpha * correction(bias, 0.9, beta2, t);
      double inner = 0;
      for (int i = 0; i < p.length; i++) {
        inner += step * g[i] * s[i] / (Math.sqrt(v[i]) + 1e-8);
        m[i] = 0.9 * m[i] + step * (1 - 0.9) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        s[i] = beta3 * s[i] + step * (1 - beta3) * g[i];
      }
      r = beta3 * r + (1 - beta3) * inner;
      double hat = r / ((1 - beta3) * sumOfMagnitudes(s));
      d = Math.max(d, Math.min(hat, d * growth));
      for (int i = 0; i < p.length; i++) {
        p[i] -= m[i] / (Math.sqrt(v[i]) + 1e-8);
      }
    }
  }

  @Test
  void dAdaptationOfAdam() {
    assertSteps("dadapt-adam", new PlainDAdaptAdam());
    PlainDAdaptAdam other = new PlainDAdaptAdam();
    other.alpha = 0.5;
    other.beta2 = 0.9;
    other.decay = 0.1;
    other.d = 1e-2;
    other.growth = 1.1;
    other.bias = true;
    assertSteps("dadapt-adam(0.5, beta2=0.9, decay=0.1, d0=1e-2, growth=1.1, bias=1)", other);
  }

  /** Defazio, Mishchenko 2023, with gradient descent. */
  private static final class PlainDAdaptSgd implements Plain {
    private IntToDoubleFunction alpha = t -> 1;
    private double mu;
    private double decay;
    private double d = 1e-6;
    private double growth = Double.POSITIVE_INFINITY;
    private double r;
    private double g0;
    private double[] s = zeros();
    private double[] x0;
    private int t;

    @Override
    public void step(double[] p, double[] gradient) {
      if (t++ == 0) {
        x0 = p.clone();
        g0 = norm(gradient);
      }
      double[] g = plus(gradient, decay, p);
      double step = d * alpha.applyAsDouble(t) / g0;
      r += step * dot(g, s);
      s = plus(s, step, g);
      d = Math.max(d, Math.min(2 * r / norm(s), d * growth));
      for (int i = 0; i < p.length; i++) {
        p[i] = mu * p[i] + (1 - mu) * (x0[i] - s[i]);
      }
    }
  }

  @Test
  void dAdaptationOfGradientDescent() {
    assertSteps("dadapt-sgd", new PlainDAdaptSgd());
    PlainDAdaptSgd other = new PlainDAdaptSgd();
    other.alpha = t -> 0.5;
    other.mu = 0.9;
    other.decay = 0.1;
    other.d = 1e-2;
    other.growth = 1.2;
    assertSteps("dadapt-sgd(0.5, mu=0.9, decay=0.1, d0=1e-2, growth=1.2)", other);
    PlainDAdaptSgd warmed = new PlainDAdaptSgd();
    warmed.alpha = t -> Math.min(1, t / 5.0);
    warmed.d = 1e-2;
    assertSteps("dadapt-sgd(d0=1e-2) schedule=warmup(5)", warmed);
  }
}
