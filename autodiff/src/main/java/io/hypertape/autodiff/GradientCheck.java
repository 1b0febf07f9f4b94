package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Compares derivatives with central differences, in float64. Order 2 is checked by differentiating
 * the gradient's projection on a fixed random direction.
 */
public final class GradientCheck {

  private static final double STEP = 1e-5;

  private final Session session;
  private final Function<List<Tensor>, Tensor> function;

  /**
   * A check of one function.
   *
   * @param session a float64 session, as {@link Device#REFERENCE} opens
   * @param function from inputs to an output of any shape
   */
  public GradientCheck(Session session, Function<List<Tensor>, Tensor> function) {
    Nulls.check(session, "gradient check: session");
    Nulls.check(function, "gradient check: function");
    this.session = session;
    this.function = function;
  }

  /**
   * Largest disagreement over all orders and inputs.
   *
   * @param order up to which derivative, 1 or more
   * @param inputs where to check, away from kinks; at least one
   * @return max |analytic − numeric| / max(1, |numeric|)
   */
  public double worstError(int order, List<Tensor> inputs) {
    Nulls.checkAll(inputs, "worstError: inputs");
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "gradient check: no inputs; at least one, to differentiate by, is needed");
    }
    double worst = 0;
    Function<List<Tensor>, Tensor> scalar = projected(function, 1);
    for (int k = 1; k <= order; k++) {
      worst = Math.max(worst, firstOrderError(scalar, inputs));
      scalar = projected(gradientOf(scalar), k + 1);
    }
    return worst;
  }

  /** Σ f·d with a fixed random d, so that a wrong element cannot hide in a sum. */
  private Function<List<Tensor>, Tensor> projected(Function<List<Tensor>, Tensor> f, long stream) {
    return inputs -> {
      Tensor out = Nulls.check(f.apply(inputs), "gradient check: function.apply(inputs)");
      return out.mul(session.uniform(out.shape(), 7, stream).add(0.5)).sum();
    };
  }

  /** All partial derivatives of a scalar function in one vector, recorded. */
  private Function<List<Tensor>, Tensor> gradientOf(Function<List<Tensor>, Tensor> scalar) {
    return inputs -> {
      Tape tape = inputs.get(0).tape();
      // Without a tape only the value is wanted: a tape of its own then.
      if (tape == null) {
        try (Tape own = session.tape()) {
          List<Tensor> leaves = inputs.stream().map(own::watch).toList();
          double[] values = joined(own.gradient(scalar.apply(leaves), leaves)).toDoubles();
          own.suspend();
          return session.tensor(values, values.length);
        }
      }
      return joined(tape.gradient(scalar.apply(inputs), inputs, GradientMode.DIFFERENTIABLE));
    };
  }

  /** Concatenates by scattering into a common vector: sums of placed pieces. */
  private Tensor joined(List<Tensor> parts) {
    int total = parts.stream().mapToInt(Tensor::size).sum();
    Tensor sum = session.constant(0).broadcastTo(total);
    int begin = 0;
    for (Tensor part : parts) {
      int n = part.size();
      double[] place = new double[n * total];
      for (int i = 0; i < n; i++) {
        place[i * total + begin + i] = 1;
      }
      sum = sum.add(part.reshape(1, n).matmul(session.tensor(place, n, total)).reshape(total));
      begin += n;
    }
    return sum;
  }

  private double firstOrderError(Function<List<Tensor>, Tensor> scalar, List<Tensor> inputs) {
    List<double[]> points = inputs.stream().map(Tensor::toDoubles).toList();
    List<double[]> analytic = new ArrayList<>();
    try (Tape tape = session.tape()) {
      List<Tensor> leaves = inputs.stream().map(tape::watch).toList();
      for (Tensor gradient : tape.gradient(scalar.apply(leaves), leaves)) {
        analytic.add(gradient.toDoubles());
      }
    }
    double worst = 0;
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < points.get(i).length; j++) {
        double numeric = difference(scalar, inputs, points, i, j);
        double error = Math.abs(analytic.get(i)[j] - numeric) / Math.max(1, Math.abs(numeric));
        worst = Math.max(worst, error);
      }
    }
    return worst;
  }

  private double difference(
      Function<List<Tensor>, Tensor> scalar,
      List<Tensor> inputs,
      List<double[]> points,
      int i,
      int j) {
    double before = points.get(i)[j];
    points.get(i)[j] = before + STEP;
    double above = value(scalar, inputs, points);
    points.get(i)[j] = before - STEP;
    double below = value(scalar, inputs, points);
    points.get(i)[j] = before;
    return (above - below) / (2 * STEP);
  }

  private double value(
      Function<List<Tensor>, Tensor> scalar, List<Tensor> inputs, List<double[]> points) {
    try (Scope unused = session.scratch()) {
      List<Tensor> moved = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        moved.add(session.tensor(points.get(i), inputs.get(i).dims()));
      }
      return scalar.apply(moved).item();
    }
  }
}
