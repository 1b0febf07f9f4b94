/** The command line, and pictures of runs. */
module io.hypertape.cli {
  requires com.fasterxml.jackson.databind;
  // Read tables, which models does if they are there.
  requires dev.hardwood.core;
  requires info.picocli;
  requires io.hypertape.models;
  requires java.desktop;
  requires java.logging;
  // The server of the local page of runs.
  requires jdk.httpserver;
  // For sun.misc.Signal, by reflection.
  requires jdk.unsupported;
  requires org.apache.commons.csv;
  requires static org.jspecify;
  requires org.knowm.xchart;

  exports io.hypertape.cli.spi to
      io.hypertape.benchmarks;
  exports io.hypertape.plots to
      io.hypertape.benchmarks;

  uses io.hypertape.cli.spi.Subcommand;

  opens io.hypertape.cli to
      info.picocli;
}
