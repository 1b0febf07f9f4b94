package io.hypertape.benchmarks.parts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a part.
 *
 * @param figures numbers by name, in order
 * @param note what else is to be said, such as why a run ended early; empty for nothing
 */
public record Outcome(Map<String, Double> figures, String note) {

  /** Keeps a copy. */
  public Outcome {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /**
   * A figure.
   *
   * @param name its name
   * @return NaN if there is none of that name
   */
  public double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
