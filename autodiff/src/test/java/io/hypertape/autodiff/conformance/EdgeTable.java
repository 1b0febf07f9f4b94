package io.hypertape.autodiff.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What PyTorch computes at the edges of domains, and where this library differs on purpose. */
final class EdgeTable {

  private static final String FOLDER = "/io/hypertape/autodiff/edges/";

  private final String precision;

  EdgeTable(String precision) {
    this.precision = precision;
  }

  /**
   * Cases by function: its one or two inputs, its value, its first derivatives, and those of each
   * of them.
   */
  Map<String, List<double[]>> elementwise() {
    Map<String, List<double[]>> cases = new LinkedHashMap<>();
    for (String[] fields : lines("elementwise-")) {
      double[] numbers = numbers(Arrays.copyOfRange(fields, 1, fields.length));
      cases.computeIfAbsent(fields[0], unused -> new ArrayList<>()).add(numbers);
    }
    return cases;
  }

  /** Cases by function: a row, its value, its gradient, and the Hessian's product with (1 2 3). */
  Map<String, List<double[][]>> rows() {
    Map<String, List<double[][]>> cases = new LinkedHashMap<>();
    for (String[] fields : lines("rows-")) {
      double[][] parts =
          Arrays.stream(fields).skip(1).map(f -> numbers(f.split(" "))).toArray(double[][]::new);
      cases.computeIfAbsent(fields[0], unused -> new ArrayList<>()).add(parts);
    }
    return cases;
  }

  private List<String[]> lines(String kind) {
    String name = FOLDER + kind + precision + ".csv";
    try (InputStream in = EdgeTable.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(line -> line.split(",")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(String[] texts) {
    return Arrays.stream(texts).mapToDouble(EdgeTable::number).toArray();
  }

  private static double number(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  /**
   * What this library gives where it differs.
   *
   * @param column 0 for the value, then the derivatives in the table's order
   */
  OptionalDouble onPurpose(String op, int column, double a, double b) {
    return switch (op) {
      // NaN goes through these functions: PyTorch has 0 for NaN's sign.
      case "sign", "abs" ->
          Double.isNaN(a) && column < (op.equals("sign") ? 1 : 2)
              ? OptionalDouble.of(Double.NaN)
              : OptionalDouble.empty();
      // A derivative of 1 only where x > 0, which NaN is not.
      case "relu" -> Double.isNaN(a) && column == 1 ? OptionalDouble.of(0) : OptionalDouble.empty();
      case "pow" -> power(column, a, b);
      default -> OptionalDouble.empty();
    };
  }

  private OptionalDouble power(int column, double a, double b) {
    boolean one = a == 1 && !Double.isFinite(b) || a == -1 && Double.isInfinite(b);
    boolean ofNegative = a < 0 && (column == 4 || column == 5);
    if (one || ofNegative) {
      // As Math.pow has it, 1^∞ is not determined; nor are a negative base's powers about b.
      return OptionalDouble.of(Double.NaN);
    }
    if (a == Double.POSITIVE_INFINITY && b < 0 && column == 2) {
      // The limit of a^b·ln a; PyTorch has 0·∞.
      return OptionalDouble.of(0);
    }
    if (b == 0 && column == 4) {
      // ∂²/∂a∂b is 1/a in either order; PyTorch has it in one. Not where that leaves the range.
      double inverse = precision.equals("float32") ? (float) (1 / a) : 1 / a;
      return OptionalDouble.of(Double.isInfinite(inverse) ? Double.NaN : inverse);
    }
    if (b == 0 && a == Double.POSITIVE_INFINITY && column == 5) {
      // Here the logarithm is infinite.
      return OptionalDouble.of(Double.NaN);
    }
    return OptionalDouble.empty();
  }
}
