package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * A noisy quadratic of two parameters, in tensors and in plain arrays: what an optimizer makes of
 * it is compared, step by step, with what its authors' formulas make of it, which a test states in
 * arithmetic on one vector of all the parameters' elements.
 */
final class PlainProblem {

  static final int STEPS = 30;
  private static final int MATRIX = 6;
  private static final int SIZE = 8;

  private PlainProblem() {}

  /** An optimizer on one vector. */
  interface Plain {
    /** Changes p by the gradient at p. */
    void step(double[] p, double[] g);

    /** What p is evaluated as. */
    default double[] evaluation(double[] p) {
      return p;
    }
  }

  static double[] start() {
    double[] p = new double[SIZE];
    Arrays.setAll(p, i -> Math.sin(3 * i + 1));
    return p;
  }

  private static double curvature(int i) {
    return 1 + 0.5 * Math.sin(i);
  }

  private static double minimum(int i) {
    return Math.cos(2 * i);
  }

  private static double[] noise(int t) {
    double[] noise = new double[SIZE];
    Arrays.setAll(noise, i -> 0.3 * Math.sin(7 * t + i));
    return noise;
  }

  /** The gradient at p in step t, from 0. */
  private static double[] gradient(double[] p, int t) {
    double[] g = noise(t);
    for (int i = 0; i < SIZE; i++) {
      g[i] += curvature(i) * (p[i] - minimum(i));
    }
    return g;
  }

  private static Tensor loss(List<Parameter> weights, List<Tensor> in) {
    Tensor sum = null;
    for (int k = 0; k < 2; k++) {
      Tensor p = weights.get(k).value();
      Tensor away = p.sub(in.get(3 * k + 1));
      Tensor one =
          away.square().mul(in.get(3 * k)).mul(0.5).sum().add(p.mul(in.get(3 * k + 2)).sum());
      sum = sum == null ? one : sum.add(one);
    }
    return sum;
  }

  private static Input[] inputs(int t) {
    double[] curvature = new double[SIZE];
    double[] minimum = new double[SIZE];
    Arrays.setAll(curvature, PlainProblem::curvature);
    Arrays.setAll(minimum, PlainProblem::minimum);
    double[] noise = noise(t);
    Input[] inputs = new Input[6];
    for (int k = 0; k < 2; k++) {
      inputs[3 * k] = input(curvature, k);
      inputs[3 * k + 1] = input(minimum, k);
      inputs[3 * k + 2] = input(noise, k);
    }
    return inputs;
  }

  private static Input input(double[] all, int parameter) {
    return parameter == 0
        ? Input.doubles(Arrays.copyOf(all, MATRIX), 2, 3)
        : Input.doubles(Arrays.copyOfRange(all, MATRIX, SIZE), 2);
  }

  private static double[] values(List<Parameter> weights) {
    double[] all = new double[SIZE];
    System.arraycopy(weights.get(0).value().toDoubles(), 0, all, 0, MATRIX);
    System.arraycopy(weights.get(1).value().toDoubles(), 0, all, MATRIX, SIZE - MATRIX);
    return all;
  }

  /** The parameters after each of some steps, and what they are evaluated as after each. */
  static double[][][] trained(Backend backend, Tower tower, int steps) {
    double[][][] seen = new double[steps][2][];
    try (Session session = Session.over(backend)) {
      double[] start = start();
      List<Parameter> weights =
          List.of(
              new Parameter("w", session.tensor(Arrays.copyOf(start, MATRIX), 2, 3)),
              new Parameter("b", session.tensor(Arrays.copyOfRange(start, MATRIX, SIZE), 2)));
      try (TowerOptimizer optimizer = tower.bind(session, weights)) {
        TrainingStep step = optimizer.prepare(in -> loss(weights, in));
        for (int t = 0; t < steps; t++) {
          step.run(inputs(t));
          seen[t][0] = values(weights);
          try (EvaluationWeights shown = optimizer.evaluation()) {
            seen[t][1] = values(weights);
          }
        }
      }
    }
    return seen;
  }

  /** The same by plain formulas. */
  static double[][][] plainly(Plain plain, int steps) {
    double[][][] seen = new double[steps][2][];
    double[] p = start();
    for (int t = 0; t < steps; t++) {
      plain.step(p, gradient(p, t));
      seen[t][0] = p.clone();
      seen[t][1] = plain.evaluation(p).clone();
    }
    return seen;
  }

  /** In float64 each step is that of the formulas, within rounding. */
  static void assertSteps(String tower, Plain plain) {
    double[][][] expected = plainly(plain, STEPS);
    double[][][] actual =
        trained(new ReferenceBackend(DType.F64), Tower.parse(tower).over(STEPS), STEPS);
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < SIZE; i++) {
        String where = tower + ", step " + (t + 1) + ", element " + i;
        assertEquals(expected[t][0][i], actual[t][0][i], 1e-11, where);
        assertEquals(expected[t][1][i], actual[t][1][i], 1e-11, where + " for evaluation");
      }
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** a + factor·b. */
  static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = new double[a.length];
    Arrays.setAll(sum, i -> a[i] + factor * b[i]);
    return sum;
  }
}
