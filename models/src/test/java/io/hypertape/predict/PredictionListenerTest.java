package io.hypertape.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a predictor tells of its computations. */
class PredictionListenerTest {

  @Test
  void computationsAreToldAsLongAsSomebodyListens() {
    List<String> told = new ArrayList<>();
    PredictionListener listener =
        (calls, examples, waited, nanos) -> {
          assertTrue(waited >= 0 && nanos > 0);
          told.add(calls + " of " + examples);
        };
    try (Session session = Session.open(Device.CPU);
        Mlp model = Mlp.create(session, MlpSpec.tanh(4, 3, 2), 1);
        Predictor predictor = Predictor.of(model, PredictorOptions.DEFAULTS.withBatch(2))) {
      predictor.predict(new float[4]);
      predictor.addListener(listener);
      predictor.predict(new float[12], 3);
      assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[5]));
      predictor.predict(FloatBuffer.allocate(4), 1, FloatBuffer.allocate(2));
      predictor.removeListener(listener);
      predictor.predict(new float[4]);
    }
    assertEquals(List.of("1 of 3", "1 of 1"), told);
  }
}
