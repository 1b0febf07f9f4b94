package io.hypertape.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds sides to equal outputs. Each says how far its own are from ours, relative to the largest of
 * a tensor or to 1 if that is more: at the end of its description, before it is timed, and after
 * each turn.
 */
final class OutputJudge implements Judge {

  /** What is taken for equal: sums have other orders on other sides. */
  static final double TOLERANCE = 1e-4;

  private static final Pattern DIFFERENCE = Pattern.compile(", outputs differ by (\\S+)$");

  private final Map<String, Double> differences = new LinkedHashMap<>();

  /** How far values are from ours, relative to our largest one, or to 1 if that is less. */
  static double difference(float[] values, float[] ours) {
    if (values.length != ours.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(ours[i]));
      difference = Math.max(difference, Math.abs((double) values[i] - ours[i]));
    }
    return difference / largest;
  }

  @Override
  public void meet(String name, String description) throws IOException {
    Matcher found = DIFFERENCE.matcher(description);
    if (!found.find()) {
      throw new IOException(
          name + " does not say by how much its outputs differ, but '" + description + "'");
    }
    judge(name, Match.number(found.group(1)));
  }

  @Override
  public void judge(String name, double value) throws IOException {
    if (!(value <= TOLERANCE)) {
      throw new IOException(name + " computes something else: its outputs differ by " + value);
    }
    differences.merge(name, value, Math::max);
  }

  @Override
  public void dismiss(String name) {
    differences.remove(name);
  }

  @Override
  public List<String> verdict() {
    List<String> parts = new ArrayList<>();
    differences.forEach(
        (name, value) -> parts.add(String.format(Locale.ROOT, "%s %.1e", name, value)));
    return parts.isEmpty()
        ? List.of()
        : List.of("Outputs differ from ours by at most: " + String.join(", ", parts) + ".");
  }
}
