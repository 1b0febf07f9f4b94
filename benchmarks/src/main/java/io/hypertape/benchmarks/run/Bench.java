package io.hypertape.benchmarks.run;

import io.hypertape.cli.spi.Subcommand;

/** Brings the command {@code bench} to the command line. */
public final class Bench implements Subcommand {

  /** Creates the service; {@link java.util.ServiceLoader} does. */
  public Bench() {}

  @Override
  public Object create() {
    return new BenchCommand();
  }
}
