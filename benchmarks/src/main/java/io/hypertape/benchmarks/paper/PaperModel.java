package io.hypertape.benchmarks.paper;

import java.util.Locale;

/** The paper's models, as {@code train --model} names them. */
enum PaperModel {
  /** 784-128-10 on MNIST. */
  MLP,
  /** The paper's RNN. */
  CHAR_LSTM,
  /** The paper's CNN. */
  RESNET20;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
