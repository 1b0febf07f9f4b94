package io.hypertape.benchmarks.study;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Methods on a task beside what they are measured by: within each kind of optimizer the better of
 * the tuned constant and the tuned cosine.
 *
 * @param task what was learned
 * @param lines what came of each method
 */
record Field(Task task, List<Line> lines) {

  /** Those of one kind of optimizer. */
  List<Line> of(Base base) {
    return lines.stream().filter(line -> line.method().base() == base).toList();
  }

  /** The kinds that there are lines of. */
  List<Base> bases() {
    return Arrays.stream(Base.values()).filter(base -> !of(base).isEmpty()).toList();
  }

  Standing standing(Line line) {
    return line.standing(task.quality());
  }

  /** The line of a name, if it has been tried. */
  Optional<Line> line(Base base, String name) {
    return of(base).stream().filter(line -> line.method().name().equals(name)).findFirst();
  }

  /** The mean of the tuned constant or cosine; NaN if it has not been tried. */
  double tuned(Base base, String name) {
    return line(base, name).map(line -> standing(line).mean()).orElse(Double.NaN);
  }

  /** The better of both; NaN if one has not been tried. */
  double better(Base base) {
    return Math.min(tuned(base, Method.CONSTANT), tuned(base, Method.COSINE));
  }

  /** A line's figures for programs. */
  Map<String, Object> figures(Line line) {
    Base base = line.method().base();
    Standing standing = standing(line);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("task", task.name());
    figures.put("half", task.half().toString());
    figures.put("optimizer", base.toString());
    figures.put("method", line.method().name());
    figures.put("tower", line.method().tower());
    if (line.method().kind() == Method.Kind.TUNED) {
      figures.put("chosen_step_size", line.cells().getFirst().stepSize());
    }
    figures.put("unit", task.quality().text());
    figures.put("mean", standing.mean());
    figures.put("worst_start_mean", standing.worst());
    if (line.method().kind() == Method.Kind.STARTS) {
      figures.put("worst_start", standing.worstStart());
    }
    if (!Double.isNaN(better(base))) {
      figures.put("mean_over_better", standing.meanOver(better(base)));
      figures.put("worst_over_better", standing.worstOver(better(base)));
    }
    figures.put("runs", standing.runs());
    figures.put("no_number", standing.lost());
    figures.put("untrained", standing.untrained());
    return figures;
  }
}
