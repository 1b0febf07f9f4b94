/** JMH benchmarks of kernels and of training steps, and the command that runs them. */
module io.hypertape.benchmarks {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.hypertape.cli;
  requires io.hypertape.kernels;
  requires io.hypertape.models;
  requires java.management;
  requires jdk.management;
  requires jdk.unsupported;
  requires jmh.core;

  exports io.hypertape.benchmarks;

  // Backends without a session, for products alone.
  uses io.hypertape.autodiff.backend.BackendProvider;

  opens io.hypertape.benchmarks.paper to
      info.picocli;
  opens io.hypertape.benchmarks.run to
      info.picocli;
  opens io.hypertape.benchmarks.study to
      info.picocli;

  provides io.hypertape.cli.spi.Subcommand with
      io.hypertape.benchmarks.run.BenchSubcommand,
      io.hypertape.benchmarks.paper.PaperSubcommand,
      io.hypertape.benchmarks.study.StudySubcommand;
}
