package io.hypertape.cli;

import java.util.Locale;

/** What {@code --data} can name. */
enum DataKind {
  STROKES,
  MNIST,
  CIFAR10,
  IMAGES,
  TEXT,
  TABLE;

  boolean isText() {
    return this == TEXT;
  }

  /** Whether {@code --limit} has a meaning. */
  boolean isLimited() {
    return this == STROKES || this == MNIST || this == CIFAR10;
  }

  /** What learns from it if no model is named. */
  ModelKind usualModel() {
    return switch (this) {
      case STROKES, MNIST, TABLE -> ModelKind.MLP;
      case CIFAR10 -> ModelKind.RESNET20;
      case IMAGES -> ModelKind.CNN;
      case TEXT -> ModelKind.CHAR_LSTM;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
