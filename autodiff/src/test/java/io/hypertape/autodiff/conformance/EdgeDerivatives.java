package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Values, derivatives and second derivatives at 0, ±∞, NaN, subnormal numbers and near overflow
 * against PyTorch's, which {@code src/test/python/edges.py} wrote down. Second derivatives that are
 * NaN there are not compared: PyTorch's own come out of 0·∞ in places.
 */
final class EdgeDerivatives {

  private static final Map<String, Function<Tensor[], Tensor>> ELEMENTWISE = new LinkedHashMap<>();
  private static final Map<String, Function<Tensor, Tensor>> ROWS = new LinkedHashMap<>();

  static {
    ELEMENTWISE.put("neg", x -> x[0].neg());
    ELEMENTWISE.put("abs", x -> x[0].abs());
    ELEMENTWISE.put("exp", x -> x[0].exp());
    ELEMENTWISE.put("log", x -> x[0].log());
    ELEMENTWISE.put("sqrt", x -> x[0].sqrt());
    ELEMENTWISE.put("square", x -> x[0].square());
    ELEMENTWISE.put("reciprocal", x -> x[0].reciprocal());
    ELEMENTWISE.put("tanh", x -> x[0].tanh());
    ELEMENTWISE.put("sigmoid", x -> x[0].sigmoid());
    ELEMENTWISE.put("relu", x -> x[0].relu());
    ELEMENTWISE.put("sign", x -> x[0].sign());
    ELEMENTWISE.put("add", x -> x[0].add(x[1]));
    ELEMENTWISE.put("sub", x -> x[0].sub(x[1]));
    ELEMENTWISE.put("mul", x -> x[0].mul(x[1]));
    ELEMENTWISE.put("div", x -> x[0].div(x[1]));
    ELEMENTWISE.put("pow", x -> x[0].pow(x[1]));
    ELEMENTWISE.put("maximum", x -> x[0].maximum(x[1]));
    ELEMENTWISE.put("minimum", x -> x[0].minimum(x[1]));
    ROWS.put("max", x -> x.max(1));
    ROWS.put("min", x -> x.min(1));
    ROWS.put("logSoftmax", Tensor::logSoftmax);
    ROWS.put("softmax", Tensor::softmax);
    ROWS.put("firstLogSoftmax", x -> x.logSoftmax().slice(1, 0, 1));
  }

  private final Session session;
  private final EdgeTable table;
  private final double tolerance;
  private final List<String> wrong = new ArrayList<>();

  private EdgeDerivatives(Session session) {
    this.session = session;
    boolean doubles = session.dtype() == DType.F64;
    this.table = new EdgeTable(doubles ? "float64" : "float32");
    this.tolerance = doubles ? 1e-13 : 4e-6;
  }

  /** Compares a backend, which is closed then. */
  static void check(Backend backend) {
    try (Session session = Session.over(backend)) {
      EdgeDerivatives edges = new EdgeDerivatives(session);
      edges.elementwise();
      edges.rows();
      assertEquals(List.of(), edges.wrong, () -> String.join("\n", edges.wrong));
    }
  }

  private void elementwise() {
    Map<String, List<double[]>> cases = table.elementwise();
    assertEquals(ELEMENTWISE.keySet(), cases.keySet());
    cases.forEach(
        (op, all) -> {
          int inputs = all.get(0).length == 4 ? 1 : 2;
          double[][] found = columns(ELEMENTWISE.get(op), inputs, all);
          for (int i = 0; i < all.size(); i++) {
            for (int k = inputs; k < found.length; k++) {
              compare(op, inputs, k - inputs, all.get(i), found[k][i]);
            }
          }
        });
  }

  /** Inputs, value, first derivatives, second derivatives, each of all cases. */
  private double[][] columns(Function<Tensor[], Tensor> op, int inputs, List<double[]> all) {
    try (Tape tape = session.tape()) {
      Tensor[] x = new Tensor[inputs];
      for (int k = 0; k < inputs; k++) {
        int column = k;
        double[] values = all.stream().mapToDouble(c -> c[column]).toArray();
        x[k] = tape.watch(session.tensor(values, values.length));
      }
      List<Tensor> targets = List.of(x);
      Tensor y = op.apply(x);
      List<Tensor> result = new ArrayList<>(targets);
      result.add(y);
      List<Tensor> first = tape.gradient(y.sum(), targets, GradientMode.DIFFERENTIABLE);
      result.addAll(first);
      first.forEach(g -> result.addAll(tape.gradient(g.sum(), targets)));
      return result.stream().map(Tensor::toDoubles).toArray(double[][]::new);
    }
  }

  private void compare(String op, int inputs, int column, double[] theirs, double ours) {
    double a = theirs[0];
    double b = inputs == 2 ? theirs[1] : 0;
    double expected = table.onPurpose(op, column, a, b).orElse(theirs[inputs + column]);
    boolean second = column > inputs;
    if (!(second && Double.isNaN(expected)) && !close(expected, ours)) {
      String at = inputs == 2 ? a + ", " + b : Double.toString(a);
      String what = column == 0 ? "value" : column <= inputs ? "derivative" : "second derivative";
      wrong.add(op + "(" + at + "), " + what + " " + column + ": " + ours + ", not " + expected);
    }
  }

  private boolean close(double expected, double ours) {
    // Subnormal results have fewer digits.
    double least = session.dtype() == DType.F64 ? 1e-322 : 3e-45;
    return expected == ours
        || Double.isNaN(expected) && Double.isNaN(ours)
        || Math.abs(expected - ours) <= tolerance * Math.abs(expected) + least;
  }

  /** Rows of three, and for softmaxes the same with more elements, which have a share of 0. */
  private void rows() {
    Map<String, List<double[][]>> cases = table.rows();
    assertEquals(ROWS.keySet(), cases.keySet());
    cases.forEach(
        (op, all) -> {
          for (int more : op.endsWith("oftmax") ? new int[] {0, 17} : new int[] {0}) {
            double[][] found = rows(op, more, all);
            for (int i = 0; i < all.size(); i++) {
              for (int k = 1; k < 4; k++) {
                compareRow(op, more, k, all.get(i), found[k - 1], i);
              }
            }
          }
        });
  }

  private void compareRow(String op, int more, int k, double[][] row, double[] found, int i) {
    double[] theirs = row[k];
    for (int j = 0; j < theirs.length; j++) {
      double ours = found[i * theirs.length + j];
      // Sums of numbers of about 1, which may cancel.
      boolean near = Math.abs(theirs[j] - ours) <= tolerance;
      if (!(k == 3 && Double.isNaN(theirs[j])) && !near && !close(theirs[j], ours)) {
        String what = op + Arrays.toString(row[0]) + " and " + more + " more";
        wrong.add(what + ", [" + k + "][" + j + "]: " + ours + ", not " + theirs[j]);
      }
    }
  }

  private double[][] rows(String op, int more, List<double[][]> all) {
    int n = all.size();
    try (Tape tape = session.tape()) {
      double[] values = all.stream().flatMapToDouble(c -> Arrays.stream(c[0])).toArray();
      double[] nothing = new double[n * more];
      Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
      Tensor x = tape.watch(session.tensor(values, n, 3));
      Tensor y = ROWS.get(op).apply(Tensor.concat(1, List.of(x, session.tensor(nothing, n, more))));
      y = y.rank() == 2 && y.shape()[1] > 3 ? y.slice(1, 0, 3) : y;
      Tensor first = tape.gradient(y.sum(), List.of(x), GradientMode.DIFFERENTIABLE).get(0);
      Tensor weighted = first.mul(session.tensor(new double[] {1, 2, 3}, 3)).sum();
      Tensor second = tape.gradient(weighted, List.of(x)).get(0);
      return new double[][] {y.toDoubles(), first.toDoubles(), second.toDoubles()};
    }
  }
}
