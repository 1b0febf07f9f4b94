package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The page of all tasks.
 *
 * @param fields what came of each
 */
record SummaryText(List<Field> fields) {

  /** What the mean over starts and seeds may be above the better of constant and cosine. */
  static final double MEAN = 1.05;

  /** And the worst start. */
  static final double WORST = 1.10;

  /** Adds up what a method did on several tasks. */
  static final class Total {
    private int tasks;
    private double logarithms;
    private double largestMean;
    private double largestWorst;
    private int lost;
    private int untrained;
    private int runs;

    void add(Standing standing, double better) {
      tasks++;
      logarithms += Math.log(standing.meanOver(better));
      largestMean = Math.max(largestMean, standing.meanOver(better));
      largestWorst = Math.max(largestWorst, standing.worstOver(better));
      lost += standing.lost();
      untrained += standing.untrained();
      runs += standing.runs();
    }

    /** The geometric mean. */
    double mean() {
      return Math.exp(logarithms / tasks);
    }
  }

  String render() {
    StringBuilder text = new StringBuilder();
    for (Half half : Half.values()) {
      List<Field> of = fields.stream().filter(field -> field.task().half() == half).toList();
      if (!of.isEmpty()) {
        text.append("## The ").append(half).append(" half\n\n");
        text.append(methods(of).render()).append('\n');
        Table table = selfTuning(of);
        if (!table.isEmpty()) {
          text.append(table.render()).append('\n');
        }
      }
    }
    text.append(
        "- Ratios are to the better of the tuned constant and the tuned cosine of the same task and"
            + " optimizer; of several tasks, geometric means.\n");
    List<String> missed = missed();
    missed.forEach(line -> text.append("- Missed: ").append(line).append('\n'));
    return text.toString();
  }

  /** Every method over all tasks of a half. */
  private static Table methods(List<Field> fields) {
    Table table =
        new Table(
            "method",
            "optimizer",
            "tasks",
            "mean / better",
            "largest mean / better",
            "largest worst start / better",
            "no number",
            "untrained",
            "runs");
    for (Method method :
        fields.stream().flatMap(f -> f.lines().stream()).map(Line::method).distinct().toList()) {
      Total total = new Total();
      for (Field field : fields) {
        field.of(method.base()).stream()
            .filter(line -> line.method().equals(method))
            .forEach(line -> total.add(field.standing(line), field.better(method.base())));
      }
      table.row(
          method.name(),
          method.base().toString(),
          Integer.toString(total.tasks),
          RobustnessReport.ratio(total.mean()),
          RobustnessReport.ratio(total.largestMean),
          RobustnessReport.ratio(total.largestWorst),
          Integer.toString(total.lost),
          Integer.toString(total.untrained),
          Integer.toString(total.runs));
    }
    return table;
  }

  /** The self-tuning towers, task by task. */
  private static Table selfTuning(List<Field> fields) {
    Table table =
        new Table(
            "task",
            "optimizer",
            "constant",
            "cosine",
            "auto",
            "worst start",
            "at",
            "mean / better",
            "worst / better",
            "no number",
            "untrained");
    for (Field field : fields) {
      for (Base base : field.bases()) {
        field
            .line(base, Method.AUTO)
            .map(field::standing)
            .ifPresent(
                auto ->
                    table.row(
                        field.task().name(),
                        base.toString(),
                        RobustnessReport.number(field.tuned(base, Method.CONSTANT)),
                        RobustnessReport.number(field.tuned(base, Method.COSINE)),
                        RobustnessReport.number(auto.mean()),
                        RobustnessReport.number(auto.worst()),
                        auto.worstStart(),
                        RobustnessReport.ratio(auto.meanOver(field.better(base))),
                        RobustnessReport.ratio(auto.worstOver(field.better(base))),
                        Integer.toString(auto.lost()),
                        Integer.toString(auto.untrained())));
      }
    }
    return table;
  }

  /** Where the self-tuning towers miss what they shall reach. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (Field field : fields) {
      for (Base base : field.bases()) {
        field
            .line(base, Method.AUTO)
            .map(field::standing)
            .ifPresent(
                auto -> {
                  double better = field.better(base);
                  String where = field.task().name() + ", " + base + ": ";
                  if (auto.meanOver(better) > MEAN) {
                    missed.add(
                        where
                            + "the mean is "
                            + percent(auto.meanOver(better))
                            + " above the better");
                  }
                  if (auto.worstOver(better) > WORST) {
                    missed.add(
                        where
                            + "from "
                            + auto.worstStart()
                            + " it is "
                            + percent(auto.worstOver(better))
                            + " above the better");
                  }
                  if (auto.lost() + auto.untrained() > 0) {
                    missed.add(
                        where
                            + auto.lost()
                            + " runs ended in no number, "
                            + auto.untrained()
                            + " learned nothing to speak of");
                  }
                });
      }
    }
    return missed;
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * (ratio - 1));
  }
}
