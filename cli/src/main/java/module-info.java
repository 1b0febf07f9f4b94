/** The command line, and pictures of runs. */
module io.hypertape.cli {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.hypertape.models;
  requires java.desktop;
  // The server of the local page of runs.
  requires jdk.httpserver;
  // For sun.misc.Signal, by reflection.
  requires jdk.unsupported;
  // Reads tables, which models does if it is there.
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
