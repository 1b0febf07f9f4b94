package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.paper.Sensitivity.Reading;
import io.hypertape.benchmarks.paper.Sensitivity.Subject;
import io.hypertape.optim.Sgd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The experiments with the paper's settings.
 *
 * @param quick whether they are short ones
 * @param seeds how many; 0 for as many as suit the experiment
 * @param mlp makes the MLP's task, for which data may have to be downloaded
 * @param courses loads what RNN and CNN are trained on
 * @param official the paper's own code, or that it is missing
 */
record Experiments(
    boolean quick, int seeds, Loader mlp, Courses courses, Official.Search official) {

  /** Loads what a task needs. */
  @FunctionalInterface
  interface Loader {
    Task load() throws IOException;
  }

  private static final int TABLE1_SEEDS = 3;
  private static final int SENSITIVITY_EPOCHS = 30;
  private static final List<Double> DECADES =
      List.of(1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0);
  private static final List<Double> FEW_DECADES = List.of(1e-8, 1e-6, 1e-4, 1e-2, 1.0, 100.0);

  /** The paper's figure of the MLP, read by eye. */
  private static final List<Reading> MLP_READINGS =
      List.of(
          new Reading(1e-8, List.of(88.0, 78.0, 13.5, 10.0)),
          new Reading(1e-6, List.of(87.0, 16.0, 8.7, 7.7)),
          new Reading(1e-4, List.of(36.0, 8.4, 5.7, 5.2)),
          new Reading(1.0, List.of(2.4, 4.0, 4.0, 4.0)));

  /** The experiments of topics, in the paper's order. */
  List<Experiment> of(Iterable<Topic> topics) throws IOException {
    List<Experiment> experiments = new ArrayList<>();
    Task task = null;
    for (Topic topic : topics) {
      if (topic == Topic.TABLE1 || topic == Topic.SENSITIVITY) {
        task = task == null ? mlp.load() : task;
      }
      switch (topic) {
        case TABLE1 -> experiments.add(table1(task));
        case SENSITIVITY -> experiments.add(sensitivity(task));
        case OVERHEAD -> experiments.add(overhead());
        case RNN -> experiments.add(Comparisons.rnn(courses.rnn(), Math.max(seeds, 1)));
        case CNN -> experiments.add(Comparisons.cnn(courses.cnn(), Math.max(seeds, 1)));
        case ALL -> throw new IllegalArgumentException("all stands for the others");
      }
    }
    return experiments;
  }

  private Experiment table1(Task task) {
    int count = seeds > 0 ? seeds : quick ? 1 : TABLE1_SEEDS;
    return new Table1(task, count, quick ? Table1.Length.SHORT : Table1.Length.WHOLE);
  }

  private Experiment sensitivity(Task task) {
    return new Sensitivity(
        new Subject(
            task,
            Sgd::new,
            Uppers.SAME,
            quick ? 1 : SENSITIVITY_EPOCHS,
            quick ? FEW_DECADES : DECADES,
            MLP_READINGS),
        Math.max(seeds, 1));
  }

  private Experiment overhead() throws IOException {
    return new Overhead(
        "mlp",
        quick ? Overhead.FEW_HEIGHTS : Overhead.HEIGHTS,
        quick ? OverheadPart.Length.SHORT : OverheadPart.Length.WHOLE,
        official);
  }
}
