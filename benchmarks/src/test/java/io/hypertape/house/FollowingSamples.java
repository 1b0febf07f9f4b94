package io.hypertape.house;

import io.hypertape.autodiff.Session;
import io.hypertape.micrometer.PredictorMetrics;
import io.hypertape.micrometer.TrainingMetrics;
import io.hypertape.predict.PredictionListener;
import io.hypertape.predict.Predictor;
import io.hypertape.run.TablePredictions;
import io.hypertape.run.follow.MlflowListener;
import io.hypertape.run.follow.MlflowOptions;
import io.hypertape.run.follow.TensorBoardListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** {@link Samples} of what follows runs. */
final class FollowingSamples {

  private FollowingSamples() {}

  static void put(Samples samples) {
    MlflowOptions options =
        MlflowOptions.of(URI.create("http://localhost:1")).withPatience(Duration.ofMillis(1));
    samples.put(URI.class, options.server());
    samples.put(MlflowOptions.class, options);
    samples.put(MlflowListener.class, new MlflowListener(options));
    Path events = samples.of(Path.class).resolveSibling("events");
    samples.put(TensorBoardListener.class, new TensorBoardListener(events));
    samples.put(Tags.class, Tags.empty());
    samples.put(MeterRegistry.class, new SimpleMeterRegistry());
    samples.put(TrainingMetrics.class, new TrainingMetrics(samples.of(Session.class)));
    samples.put(PredictionListener.class, (calls, examples, waited, nanos) -> {});
    samples.put(TablePredictions.RowFunction.class, (x, n) -> new float[n]);
    samples.put(PredictorMetrics.class, new PredictorMetrics(samples.of(Predictor.class)));
  }
}
