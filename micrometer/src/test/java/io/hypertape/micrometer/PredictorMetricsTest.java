package io.hypertape.micrometer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.predict.Batching;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A predictor's meters: every call counts, whatever becomes of it. */
class PredictorMetricsTest {

  @Test
  void callsAreMeasuredAndAnsweredAsBefore() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Session session = Session.open(Device.CPU);
        Mlp model = Mlp.create(session, MlpSpec.tanh(6, 5, 3), 1);
        Predictor predictor = Predictor.of(model);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      PredictorMetrics metrics = new PredictorMetrics(predictor, Tags.of("model", "small"));
      float[] two = {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1};
      float[] into = new float[6];
      // Nobody has to be there who reads.
      assertArrayEquals(predictor.predict(two, 2), metrics.predict(two, 2));
      metrics.bindTo(registry);
      metrics.predict(two, 2, into);
      assertArrayEquals(predictor.predict(two, 2), into);
      List<Future<float[]>> answers = new ArrayList<>();
      for (int k = 0; k < 20; k++) {
        answers.add(threads.submit(() -> metrics.predict(new float[6])));
      }
      for (Future<float[]> answer : answers) {
        assertArrayEquals(predictor.predict(new float[6]), answer.get());
      }
      assertThrows(IllegalArgumentException.class, () -> metrics.predict(new float[7]));
    }
    Tags tags = Tags.of("model", "small");
    assertEquals(21, registry.get("hypertape.predictor.calls").tags(tags).timer().count());
    assertTrue(
        registry.get("hypertape.predictor.calls").timer().totalTime(TimeUnit.NANOSECONDS) > 0);
    assertEquals(22, registry.get("hypertape.predictor.examples").summary().totalAmount());
    assertEquals(1, registry.get("hypertape.predictor.failures").counter().count());
    assertEquals(0, registry.get("hypertape.predictor.active").gauge().value());
  }

  /** While the only lane is held, others come; these are computed together. */
  @Test
  void whatIsComputedTogetherIsMeasured() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    PredictorOptions options =
        PredictorOptions.DEFAULTS
            .withLanes(1)
            .withBatching(new Batching(4, Duration.ofSeconds(60)));
    try (Session session = Session.open(Device.CPU);
        Mlp model = Mlp.create(session, MlpSpec.tanh(6, 5, 3), 1);
        Predictor predictor = Predictor.of(model, options);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      PredictorMetrics metrics = new PredictorMetrics(predictor);
      metrics.bindTo(registry);
      List<Future<float[]>> answers = new ArrayList<>();
      for (int k = 0; k < 8; k++) {
        // Groups are computed when four calls are there, long before the delay is over.
        answers.add(threads.submit(() -> metrics.predict(new float[6])));
      }
      for (Future<float[]> answer : answers) {
        assertArrayEquals(predictor.predict(new float[12], 2), twice(answer.get()));
      }
    }
    // Eight questions of two examples of the predictor itself, and two groups.
    assertEquals(10, registry.get("hypertape.predictor.compute").timer().count());
    assertEquals(16, registry.get("hypertape.predictor.batch").summary().totalAmount());
    assertEquals(4, registry.get("hypertape.predictor.batch").summary().max());
    assertEquals(8, registry.get("hypertape.predictor.calls").timer().count());
    assertEquals(10, registry.get("hypertape.predictor.wait").timer().count());
    assertTrue(
        registry.get("hypertape.predictor.wait").timer().totalTime(TimeUnit.NANOSECONDS) > 0);
  }

  private static float[] twice(float[] result) {
    float[] both = Arrays.copyOf(result, 2 * result.length);
    System.arraycopy(result, 0, both, result.length, result.length);
    return both;
  }

  @Test
  void buffersAndSegmentsAreMeasuredToo() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Session session = Session.open(Device.CPU);
        Mlp model = Mlp.create(session, MlpSpec.tanh(6, 5, 3), 1);
        Predictor predictor = Predictor.of(model)) {
      PredictorMetrics metrics = new PredictorMetrics(predictor);
      metrics.bindTo(registry);
      float[] example = {1, 2, 3, 4, 5, 6};
      float[] into = new float[3];
      metrics.predict(FloatBuffer.wrap(example), 1, FloatBuffer.wrap(into));
      assertArrayEquals(predictor.predict(example), into);
      float[] other = new float[3];
      metrics.predict(MemorySegment.ofArray(example), 1, MemorySegment.ofArray(other));
      assertArrayEquals(into, other);
    }
    assertEquals(2, registry.get("hypertape.predictor.calls").timer().count());
    assertEquals(3, registry.get("hypertape.predictor.compute").timer().count());
  }
}
