package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.run.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Models that are built and trained in the same way, with what was chosen of their form. */
sealed interface ModelFamily
    permits MlpFamily, CnnFamily, ResNetFamily, CharLstmFamily, TableFamily {

  /**
   * What is taken where nothing else is asked for.
   *
   * @param tower the optimizers
   * @param epochs passes over the training set
   * @param batch images or streams a step
   */
  record Defaults(String tower, int epochs, int batch) {}

  Defaults defaults();

  /** By what such a model is judged. */
  default List<Metric> metrics() {
    return Metric.ofImages();
  }

  /**
   * Loads the data and makes a model for them.
   *
   * @param err hears how a download goes
   */
  PreparedModel prepare(Session session, DataOptions options, long seed, PrintStream err)
      throws IOException;
}
