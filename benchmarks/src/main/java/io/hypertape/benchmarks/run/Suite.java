package io.hypertape.benchmarks.run;

import java.util.Locale;

/** A part of the benchmarks. */
enum Suite {
  /** Ours alone, vector kernels and their scalar twins. */
  KERNELS,
  /** Whole training steps under towers of several heights. */
  STEPS,
  /** What self-tuning adds to steps. */
  TUNING,
  /** A JVM's first seconds, with each kind of kernels. */
  START,
  /** Ours and others', in turns. */
  PEERS,
  /** What large products cost by a library, beside that library called directly. */
  BLAS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
