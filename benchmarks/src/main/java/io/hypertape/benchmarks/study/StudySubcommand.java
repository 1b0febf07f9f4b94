package io.hypertape.benchmarks.study;

import io.hypertape.cli.spi.Subcommand;

/** Brings the command {@code study} to the command line. */
public final class StudySubcommand implements Subcommand {

  /** Creates the service; {@link java.util.ServiceLoader} does. */
  public StudySubcommand() {}

  @Override
  public Object create() {
    return new StudyCommand();
  }
}
