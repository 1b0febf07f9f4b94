package io.hypertape.benchmarks.paper;

import io.hypertape.cli.spi.Subcommand;

/** Brings the command {@code paper} to the command line. */
public final class PaperSubcommand implements Subcommand {

  /** Creates the service; {@link java.util.ServiceLoader} does. */
  public PaperSubcommand() {}

  @Override
  public Object create() {
    return new PaperCommand();
  }
}
