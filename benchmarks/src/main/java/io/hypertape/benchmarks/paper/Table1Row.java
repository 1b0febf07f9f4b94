package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Tower;
import java.util.List;
import java.util.StringJoiner;

/**
 * A row of the paper's table 1.
 *
 * @param tower the optimizers, as the paper's code has them by default where the paper names none
 * @param epochs passes over the training set
 * @param error the paper's test error, %
 * @param learned the paper's learned values, as text; empty if nothing is learned
 * @param afresh the paper's test error with these as fixed values, %
 */
record Table1Row(Tower tower, int epochs, Spread error, String learned, Spread afresh) {

  private static final int SGD = 30;
  private static final int ADAM = 5;
  private static final Spread NOTHING = new Spread(Double.NaN, 0, 0);

  /** The paper's rows, in its order. */
  static final List<Table1Row> ALL =
      List.of(
          fixed("sgd(0.01)", SGD, 8.99, .05),
          tower("sgd(0.01)/sgd(0.01)", SGD, 4.81, .10, ".0769", 5.44, .10),
          tower("sgd(0.01)/adam(0.1)", SGD, 4.86, .06, ".4538", 2.80, .09),
          tower("sgd(0.01)/adagrad(0.01)", SGD, 4.85, .21, ".0836", 5.17, .03),
          tower("sgd(0.01)/rmsprop(0.1)", SGD, 4.52, .02, ".5920", 2.52, .07),
          fixed("adagrad(0.01)", SGD, 7.40, .08),
          tower("adagrad(0.01)/sgd(0.01)", SGD, 6.90, .16, ".0080", 7.75, .02),
          tower("adagrad(0.01)/adagrad(0.01)", SGD, 5.03, .23, ".0151", 6.67, .08),
          fixed("adam(1e-3)", ADAM, 4.67, .06),
          tower("adam(1e-3)/sgd(1e-5)", ADAM, 3.03, .02, ".0040, .899, .999", 3.11, .06),
          tower("adam-alpha(1e-3)/sgd(1e-5)", ADAM, 3.12, .04, ".0021", 3.47, .02),
          tower("adam(1e-3)/adam(1e-3)", ADAM, 3.05, .09, ".0038, .870, .999", 3.24, .13),
          tower("adam-alpha(1e-3)/adam(1e-3)", ADAM, 3.04, .08, ".0036", 3.08, .12),
          fixed("rmsprop(0.01)", ADAM, 4.19, .47),
          tower("rmsprop-alpha(0.01)/sgd(1e-4)", ADAM, 3.55, .23, ".0030", 3.93, .70),
          tower("rmsprop(0.01)/sgd(1e-4)", ADAM, 3.33, .07, ".0032, .9899", 3.25, .09),
          tower("rmsprop-alpha(0.01)/rmsprop(1e-4)", ADAM, 3.42, .45, ".0021", 3.60, .04),
          tower("rmsprop(0.01)/rmsprop(1e-4)", ADAM, 2.96, .11, ".0020, .9962", 3.65, .36));

  private static Table1Row fixed(String tower, int epochs, double mean, double deviation) {
    return new Table1Row(Tower.parse(tower), epochs, new Spread(mean, deviation, 3), "", NOTHING);
  }

  private static Table1Row tower(
      String tower,
      int epochs,
      double mean,
      double deviation,
      String learned,
      double afresh,
      double afreshDeviation) {
    return new Table1Row(
        Tower.parse(tower),
        epochs,
        new Spread(mean, deviation, 3),
        learned,
        new Spread(afresh, afreshDeviation, 3));
  }

  boolean learns() {
    return !learned.isEmpty();
  }

  /** The paper's learned values as fixed ones. */
  Tower papersValues() {
    Optimizer first = tower.levels().getFirst().optimizer();
    String[] values = learned.split(", ");
    StringJoiner text = new StringJoiner(", ", first.name() + "(", ")");
    for (int i = 0; i < values.length; i++) {
      text.add(first.hyperparameters().get(i).name() + "=" + values[i]);
    }
    return Tower.parse(text.toString());
  }
}
