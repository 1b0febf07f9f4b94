package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.report.Table;
import java.util.List;
import java.util.Locale;

/**
 * How many runs a study has, and about how long they take.
 *
 * @param tasks what is studied
 * @param jobs runs at once
 */
record Plan(List<Robustness> tasks, int jobs) {

  /** The plan as a page in Markdown. */
  String text() {
    Table table = new Table("task", "half", "steps", "s a run", "runs", "hours");
    double hours = 0;
    int runs = 0;
    for (Robustness one : tasks) {
      Task task = one.task();
      double seconds = task.steps() * task.stepSeconds();
      int expected = one.design().expectedRuns();
      double own = seconds * expected / jobs / 3600;
      table.row(
          task.name(),
          task.half().toString(),
          String.format(Locale.ROOT, "%,d", task.steps()),
          String.format(Locale.ROOT, "%.1f", seconds),
          Integer.toString(expected),
          String.format(Locale.ROOT, "%.2f", own));
      hours += own;
      runs += expected;
    }
    return table.render()
        + String.format(
            Locale.ROOT,
            "\n- About %,d runs and %.1f hours with %d at once; where a grid of step sizes grows at an"
                + " end, some more.\n",
            runs,
            hours,
            jobs);
  }
}
