package io.hypertape.benchmarks.run;

import io.hypertape.cli.spi.Subcommand;

/** Brings the command {@code bench} to the command line. */
public final class BenchSubcommand implements Subcommand {

  /** Creates the service; {@link java.util.ServiceLoader} does. */
  public BenchSubcommand() {}

  @Override
  public Object create() {
    return new BenchCommand();
  }
}
