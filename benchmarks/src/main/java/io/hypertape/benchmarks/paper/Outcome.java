package io.hypertape.benchmarks.paper;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a part.
 *
 * @param figures numbers by name, in order
 * @param note what else is to be said, such as why a run ended early; empty for nothing
 */
record Outcome(Map<String, Double> figures, String note) {

  Outcome {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** A figure; NaN if there is none of that name. */
  double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
