package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The drawn digits are hard enough to tell models apart. */
@Execution(ExecutionMode.CONCURRENT)
class StrokesDifficultyTest {

  private static final DataSplit DATA = Strokes.generate(1);

  private static double accuracy(MlpSpec form, String tower, int epochs) throws IOException {
    try (Session session = Session.open(SessionOptions.of(Device.CPU))) {
      Mlp model = Mlp.create(session, form, 1);
      return 1
          - new Trainer(session, model, DATA)
              .options(new TrainingOptions(epochs, 256, 1))
              .run(Tower.parse(tower))
              .error();
    }
  }

  @Test
  void aLinearClassifierStaysBelow95Percent() throws IOException {
    MlpSpec linear = new MlpSpec(List.of(784, 10), List.of(Activation.NONE));
    double accuracy = accuracy(linear, "adam(1e-3)/sgd(1e-5)", 12);
    assertTrue(accuracy < 0.95, "accuracy " + accuracy);
    assertTrue(accuracy > 0.80, "accuracy " + accuracy);
  }

  @Test
  void aGoodMlpExceeds97Percent() throws IOException {
    MlpSpec mlp = new MlpSpec(List.of(784, 256, 10), List.of(Activation.RELU, Activation.NONE));
    double accuracy = accuracy(mlp, "adam(1e-3)/sgd(1e-6)", 10);
    assertTrue(accuracy > 0.97, "accuracy " + accuracy);
  }
}
