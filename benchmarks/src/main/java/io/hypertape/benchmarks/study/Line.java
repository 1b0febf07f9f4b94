package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.study.Standing.Ending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a method on a task.
 *
 * @param method which
 * @param cells one a start; one alone for what has no start
 */
record Line(Method method, List<Cell> cells) {

  /**
   * Runs from one start.
   *
   * @param stepSize where they started, or what was chosen; empty if there is no step size
   * @param parts the runs, a seed each
   * @param outcomes what came of them
   * @param figure the name of what they are judged by
   */
  record Cell(String stepSize, List<StudyPart> parts, List<Outcome> outcomes, String figure) {

    private List<Ending> endings() {
      return outcomes.stream().map(o -> new Ending(o.figure(figure), o.note().isEmpty())).toList();
    }

    /** The mean over seeds. */
    double mean() {
      return outcomes.stream().mapToDouble(o -> o.figure(figure)).average().orElseThrow();
    }
  }

  Standing standing(Quality quality) {
    Map<String, List<Ending>> endings = new LinkedHashMap<>();
    cells.forEach(cell -> endings.put(cell.stepSize(), cell.endings()));
    return Standing.of(endings, quality);
  }
}
