/** Models, data sets, training and the command line. */
module io.hypertape.models {
  requires transitive io.hypertape.autodiff;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires java.desktop;
  requires java.net.http;
  requires jdk.unsupported;
  requires static org.jspecify;
  requires org.knowm.xchart;

  exports io.hypertape.cli.spi to
      io.hypertape.benchmarks;
  exports io.hypertape.data;
  exports io.hypertape.io;
  exports io.hypertape.io.guard to
      io.hypertape.benchmarks;
  exports io.hypertape.models;
  exports io.hypertape.run;
  exports io.hypertape.run.folder to
      io.hypertape.benchmarks;
  exports io.hypertape.run.plots to
      io.hypertape.benchmarks;

  uses io.hypertape.cli.spi.Subcommand;

  opens io.hypertape.cli to
      info.picocli;
}
