package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Predictions on a GPU, or its double, asked for by several threads. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaPredictorTest {

  private static final PredictorOptions OPTIONS =
      PredictorOptions.DEFAULTS.withSession(SessionOptions.of(Device.CUDA)).withBatch(4);

  private static float[] numbers(int n) {
    Random random = new Random(n);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void check(Session session, Classifier model, int... shape) throws Exception {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] x = numbers(size);
    float[] expected =
        session.scoped(() -> model.forward(session.tensor(x, shape), Mode.EVALUATE).toFloats());
    int[] example = Arrays.copyOfRange(shape, 1, shape.length);
    try (Predictor predictor = Predictor.of(model, OPTIONS.withExample(example));
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<float[]>> calls = new ArrayList<>();
      for (int k = 0; k < 6; k++) {
        calls.add(threads.submit(() -> predictor.predict(x, shape[0])));
      }
      for (Future<float[]> call : calls) {
        assertArrayEquals(expected, call.get(), 1e-4f);
      }
    }
  }

  @Test
  void modelsAreServed() throws Exception {
    try (Session session = Session.open(Device.CUDA)) {
      assertEquals("cuda", session.backendName());
      check(session, Mlp.create(session, MlpSpec.tanh(7, 5, 3), 1), 6, 7);
      check(session, Cnn.create(session, new CnnSpec(1, 8, 8, 10), 1), 3, 1, 8, 8);
      check(session, ResNet.create(session, new ResNetSpec(8, 3, 10), 1), 2, 3, 8, 8);
    }
  }
}
