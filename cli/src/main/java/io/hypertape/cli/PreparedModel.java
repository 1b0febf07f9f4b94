package io.hypertape.cli;

import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A model that is ready to be trained, and the data that it shall learn from. */
interface PreparedModel {

  /** Name of the data. */
  String data();

  /** The model's form, for the title of a plot. */
  String form();

  /** What config.json says about data and model. */
  Map<String, Object> config();

  /**
   * A run of it.
   *
   * @param parts into how many each batch is divided
   * @throws IllegalArgumentException if its batches cannot be
   */
  Training training(TrainingOptions options, int parts, TrainingListener listener);

  /** Writes the model as it is now. */
  void save(Path file, Map<String, String> notes) throws IOException;
}
