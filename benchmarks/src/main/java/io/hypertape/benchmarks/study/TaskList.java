package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.study.ImageTask.Objective;
import io.hypertape.data.TextCorpus;
import java.io.IOException;
import java.util.Locale;

/**
 * The tasks of the study, each in its half. The tuning half has those on which the method was first
 * tried, its known weak points (relu under Adam, the CNN under momentum) among them; the other half
 * is only reported. Both have MLPs, a convolution network, a recurrent one, batch norm and none.
 */
enum TaskList {
  /** The paper's MLP, 5 epochs. */
  TANH(Half.TUNING, (t, d) -> t.classes(StudyNetwork.TANH_MLP, d.mnist(), 256, 5, 1.2e-3)),
  /** The MLP with relu, 5 epochs. */
  RELU(Half.TUNING, (t, d) -> t.classes(StudyNetwork.RELU_MLP, d.mnist(), 256, 5, 1e-3)),
  /** The paper's MLP, 30 epochs. */
  TANH_30(Half.TUNING, (t, d) -> t.classes(StudyNetwork.TANH_MLP, d.mnist(), 256, 30, 1.2e-3)),
  /** Small batches. */
  RELU_B32(Half.TUNING, (t, d) -> t.classes(StudyNetwork.RELU_MLP, d.mnist(), 32, 1, 3e-4)),
  /** Convex, from zero. */
  LOGISTIC(Half.TUNING, (t, d) -> t.classes(StudyNetwork.LOGISTIC, d.mnist(), 256, 2, 4e-4)),
  /** Deep and narrow, with batch norm. */
  DEEP_NORM(Half.TUNING, (t, d) -> t.classes(StudyNetwork.DEEP_NORM, d.mnist(), 128, 2, 1.5e-3)),
  /** A small CNN on CIFAR-10. */
  CNN(Half.TUNING, (t, d) -> t.classes(StudyNetwork.CNN, d.cifar(), 100, 8, 5e-3)),
  /** A character LSTM. */
  LSTM(Half.TUNING, (t, d) -> t.lstm(d, 96, 1, 32, 1.5e-2)),
  /** The paper's MLP, 1 epoch. */
  TANH_1(Half.REPORT, (t, d) -> t.classes(StudyNetwork.TANH_MLP, d.mnist(), 256, 1, 1.2e-3)),
  /** Small batches. */
  TANH_B32(Half.REPORT, (t, d) -> t.classes(StudyNetwork.TANH_MLP, d.mnist(), 32, 1, 3e-4)),
  /** The MLP with relu, 1 epoch. */
  RELU_1(Half.REPORT, (t, d) -> t.classes(StudyNetwork.RELU_MLP, d.mnist(), 256, 1, 1e-3)),
  /** The MLP with relu, 30 epochs. */
  RELU_30(Half.REPORT, (t, d) -> t.classes(StudyNetwork.RELU_MLP, d.mnist(), 256, 30, 1e-3)),
  /** Deep and narrow, without batch norm. */
  DEEP(Half.REPORT, (t, d) -> t.classes(StudyNetwork.DEEP, d.mnist(), 128, 2, 7e-4)),
  /** Mean squared error. */
  AUTOENCODER(
      Half.REPORT,
      (t, d) ->
          ImageTask.of(
              t.toString(),
              t.half,
              StudyNetwork.AUTOENCODER,
              Objective.PIXELS,
              d.mnist(),
              256,
              5,
              3e-3)),
  /** Batch norm and convolutions. */
  RESNET20(
      Half.REPORT,
      (t, d) -> t.classes(StudyNetwork.RESNET20, d.cifar().learningFrom(2560), 32, 5, 1.2e-1)),
  /** Two layers of LSTM. */
  LSTM_2(Half.REPORT, (t, d) -> t.lstm(d, 64, 2, 16, 3.5e-3));

  private final Half half;
  private final Maker maker;

  TaskList(Half half, Maker maker) {
    this.half = half;
    this.maker = maker;
  }

  private interface Maker {
    Task make(TaskList task, StudyData data) throws IOException;
  }

  Half half() {
    return half;
  }

  /** The task with its data, which are loaded if they have not been. */
  Task load(StudyData data) throws IOException {
    return maker.make(this, data);
  }

  /** {@code relu-b32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Task classes(
      StudyNetwork network, ImageData data, int batch, int epochs, double seconds) {
    return ImageTask.of(toString(), half, network, Objective.CLASSES, data, batch, epochs, seconds);
  }

  private Task lstm(StudyData data, int hidden, int layers, int batch, double seconds)
      throws IOException {
    TextCorpus text = data.text();
    WindowNet.Form form = new WindowNet.Form(text.vocabulary().size(), 32, hidden, layers);
    return TextTask.of(toString(), half, text, form, batch, 600, seconds);
  }
}
