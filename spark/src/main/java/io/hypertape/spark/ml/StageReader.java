package io.hypertape.spark.ml;

import io.hypertape.spark.SparkPredictor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link StageWriter} writes. */
final class StageReader extends MLReader<TowerClassifierModel> {

  @Override
  public TowerClassifierModel load(String path) {
    DefaultParamsReader.Metadata told =
        DefaultParamsReader$.MODULE$.loadMetadata(
            path, sparkSession(), TowerClassifierModel.class.getName());
    Path file = new Path(path, StageWriter.WEIGHTS);
    try (InputStream in = file.getFileSystem(sc().hadoopConfiguration()).open(file)) {
      TowerClassifierModel model =
          new TowerClassifierModel(told.uid(), SparkPredictor.of(in.readAllBytes()));
      told.getAndSetParams(model, Option.empty());
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
