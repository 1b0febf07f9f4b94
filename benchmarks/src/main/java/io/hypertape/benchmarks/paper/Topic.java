package io.hypertape.benchmarks.paper;

import java.util.Locale;

/** What can be asked for on the command line. */
enum Topic {
  TABLE1,
  SENSITIVITY,
  OVERHEAD,
  RNN,
  CNN,
  ALL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
