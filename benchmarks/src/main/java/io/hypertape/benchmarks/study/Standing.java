package io.hypertape.benchmarks.study;

import java.util.List;
import java.util.Map;

/**
 * How a method stands on a task.
 *
 * @param mean over starts and seeds
 * @param worst the largest of the starts' means over seeds
 * @param worstStart which start that is; empty if there are none
 * @param runs how many
 * @param lost how many ended in a loss that is no number; they count with what chance gives
 * @param untrained how many learned nothing to speak of, those that were lost among them
 */
record Standing(double mean, double worst, String worstStart, int runs, int lost, int untrained) {

  /**
   * How a run ended.
   *
   * @param figure in the task's unit
   * @param isNumber whether its loss was a number in the end
   */
  record Ending(double figure, boolean isNumber) {}

  /**
   * Of all runs.
   *
   * @param byStart endings of all seeds by the start's text, as many for each start; at least one
   * @param quality what they are judged by
   */
  static Standing of(Map<String, List<Ending>> byStart, Quality quality) {
    double sum = 0;
    double worst = Double.NEGATIVE_INFINITY;
    String worstStart = "";
    int runs = 0;
    int lost = 0;
    int untrained = 0;
    for (Map.Entry<String, List<Ending>> start : byStart.entrySet()) {
      double ofStart = 0;
      for (Ending ending : start.getValue()) {
        double figure = ending.isNumber() ? ending.figure() : quality.chance();
        ofStart += figure;
        runs++;
        lost += ending.isNumber() ? 0 : 1;
        untrained += quality.isUntrained(figure) ? 1 : 0;
      }
      sum += ofStart;
      double mean = ofStart / start.getValue().size();
      if (mean > worst) {
        worst = mean;
        worstStart = start.getKey();
      }
    }
    return new Standing(sum / runs, worst, worstStart, runs, lost, untrained);
  }

  /** Its mean as a multiple of another figure. */
  double meanOver(double better) {
    return mean / better;
  }

  /** Its worst start's mean as a multiple of another figure. */
  double worstOver(double better) {
    return worst / better;
  }
}
