package io.hypertape.spark.ml;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/** Writes a model as Spark ML writes its own: the parameters as text, and the weights beside. */
final class StageWriter extends MLWriter {

  static final String WEIGHTS = "model.safetensors";

  private final TowerClassifierModel model;

  StageWriter(TowerClassifierModel model) {
    this.model = model;
  }

  @Override
  public void saveImpl(String path) {
    DefaultParamsWriter$.MODULE$.saveMetadata(
        model, path, sparkSession(), Option.empty(), Option.empty());
    Path file = new Path(path, WEIGHTS);
    try (OutputStream out = file.getFileSystem(sc().hadoopConfiguration()).create(file)) {
      out.write(model.predictor().weights());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
