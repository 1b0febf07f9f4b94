package io.hypertape.cli;

import java.util.Locale;

/** What {@code --model} can name. */
enum ModelKind {
  MLP(DataKind.STROKES),
  CNN(DataKind.STROKES),
  RESNET20(DataKind.CIFAR10),
  RESNET32(DataKind.CIFAR10),
  RESNET56(DataKind.CIFAR10),
  CHAR_LSTM(DataKind.TEXT);

  private final DataKind usualData;

  ModelKind(DataKind usualData) {
    this.usualData = usualData;
  }

  /** What it learns from if nothing is named. */
  DataKind usualData() {
    return usualData;
  }

  /** Layers of a ResNet, as in its name. */
  int depth() {
    return Integer.parseInt(name().substring("RESNET".length()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
