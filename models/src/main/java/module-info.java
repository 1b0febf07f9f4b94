/** Models, data sets and training. */
module io.hypertape.models {
  requires transitive io.hypertape.autodiff;
  requires com.fasterxml.jackson.databind;
  // Decodes images: whoever reads none does without it.
  requires static java.desktop;
  // Read tables: whoever reads none does without them.
  requires static com.github.luben.zstd_jni;
  requires java.net.http;
  requires static org.apache.commons.csv;
  requires static org.jspecify;

  exports io.hypertape.data;
  exports io.hypertape.data.table;
  exports io.hypertape.io;
  exports io.hypertape.io.guard to
      io.hypertape.benchmarks,
      io.hypertape.cli;
  exports io.hypertape.io.onnx;
  exports io.hypertape.metrics;
  exports io.hypertape.models;
  exports io.hypertape.predict;
  exports io.hypertape.run;
  exports io.hypertape.run.follow;
  exports io.hypertape.run.folder to
      io.hypertape.benchmarks,
      io.hypertape.cli;
  exports io.hypertape.trace to
      io.hypertape.cli;
}
