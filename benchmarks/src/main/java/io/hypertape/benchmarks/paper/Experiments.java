package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.benchmarks.paper.Sensitivity.Reading;
import io.hypertape.benchmarks.paper.Sensitivity.Subject;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.optim.Sgd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The experiments with the paper's settings.
 *
 * @param quick whether they are short ones
 * @param seeds how many; 0 for as many as suit the experiment
 * @param models that sensitivity and overhead are about
 * @param device where overhead is measured, CPU or CUDA
 * @param runs loads what is trained on, which may have to be downloaded
 * @param official the paper's own code, or that it is missing
 */
record Experiments(
    boolean quick,
    int seeds,
    Set<PaperModel> models,
    Device device,
    TrainingRuns runs,
    Official.Search official) {

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
    for (Topic topic : topics) {
      switch (topic) {
        case TABLE1 -> experiments.add(table1());
        case SENSITIVITY -> {
          for (PaperModel model : models) {
            experiments.add(sensitivity(model));
          }
        }
        case OVERHEAD -> {
          for (PaperModel model : models) {
            experiments.add(overhead(model));
          }
        }
        case RNN -> experiments.add(Comparisons.rnn(runs.rnn(), Math.max(seeds, 1)));
        case CNN ->
            experiments.add(Comparisons.cnn(runs.cnn(TrainingRuns.EPOCHS), Math.max(seeds, 1)));
        case ALL -> throw new IllegalArgumentException("all stands for the others");
      }
    }
    return experiments;
  }

  private Experiment table1() throws IOException {
    int count = seeds > 0 ? seeds : quick ? 1 : TABLE1_SEEDS;
    return new Table1(runs.mlp(1), count, quick ? Table1.Length.SHORT : Table1.Length.WHOLE);
  }

  private Experiment sensitivity(PaperModel model) throws IOException {
    TrainingRun training =
        switch (model) {
          case MLP -> runs.mlp(quick ? 1 : SENSITIVITY_EPOCHS);
          case CHAR_LSTM -> runs.rnn();
          case RESNET20 -> runs.cnn(SENSITIVITY_EPOCHS);
        };
    return new Sensitivity(
        new Subject(
            training,
            Sgd::new,
            model == PaperModel.MLP ? Uppers.SAME : Uppers.DESCENDING,
            quick ? FEW_DECADES : DECADES,
            model == PaperModel.MLP ? MLP_READINGS : List.of()),
        Math.max(seeds, 1));
  }

  private Experiment overhead(PaperModel model) throws IOException {
    return new Overhead(
        model.toString(),
        quick ? Overhead.FEW_HEIGHTS : Overhead.HEIGHTS,
        quick ? OverheadPart.Length.SHORT : OverheadPart.Length.WHOLE,
        device,
        official);
  }
}
