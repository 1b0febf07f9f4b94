package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.data.DataParts;
import io.hypertape.data.Example;
import io.hypertape.data.Examples;
import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import io.hypertape.models.BinaryCrossEntropy;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Huber;
import io.hypertape.models.Loss;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.QuantileLoss;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Losses with weights on the cuda backend, over the double or a GPU, against the CPU's. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaTablesTest {

  private static final Targets.Classes CLASSES = new Targets.Classes(3, List.of());
  private static final Targets.Labels LABELS = new Targets.Labels(List.of("a", "b", "c"));
  private static final Targets.Numbers NUMBERS = new Targets.Numbers(List.of("y"));

  private static DataParts data(Targets targets) {
    Random random = new Random(7);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      float[] x = new float[5];
      for (int k = 0; k < x.length; k++) {
        x[k] = (float) random.nextGaussian();
      }
      int label = x[0] > 0.5 ? 2 : x[1] > 0 ? 1 : 0;
      float[] values = new float[targets.outputs()];
      for (int k = 0; k < values.length; k++) {
        values[k] = targets == NUMBERS ? x[0] - x[1] : x[k] > 0 ? 1 : 0;
      }
      Example example =
          targets == CLASSES ? Example.ofClass(label, x) : Example.ofNumbers(values, x);
      examples.add(example.weighing(1 + i % 3));
    }
    Examples all =
        Examples.of("examples", List.of(5), targets, examples.iterator(), Examples.Padding.NONE);
    return DataParts.of(all, Shares.usual());
  }

  private static List<Double> losses(
      Device device, DataParts data, int outputs, Function<Session, Loss> loss) throws IOException {
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(long step, double value, TowerOptimizer optimizer) {
            losses.add(value);
          }
        };
    try (Session session = Session.open(device)) {
      FeedForward model = FeedForward.create(session, MlpSpec.relu(5, 16, outputs), 1);
      new Trainer(session, model, data)
          .loss(loss.apply(session))
          .epochs(3)
          .batch(64)
          .listener(listener)
          .run(Tower.parse("adam(3e-3)/sgd(1e-5)"));
    }
    return losses;
  }

  private static void compare(Targets targets, int outputs, Function<Session, Loss> loss)
      throws IOException {
    DataParts data = data(targets);
    List<Double> cpu = losses(Device.CPU, data, outputs, loss);
    List<Double> cuda = losses(Device.CUDA, data, outputs, loss);
    assertEquals(cpu.size(), cuda.size());
    for (int i = 0; i < cpu.size(); i++) {
      assertEquals(cpu.get(i), cuda.get(i), 1e-4, "loss of step " + (i + 1));
    }
    assertTrue(CudaDouble.isDevice() || CudaDouble.calls("cudaGraphLaunch") > 10, "replayed");
  }

  @Test
  void classes() throws IOException {
    compare(
        CLASSES,
        3,
        session ->
            CrossEntropy.ofLogits()
                .weighted(session.tensor(new float[] {1, 2, 0.5f}, 3))
                .smoothed(0.1)
                .ignoring(0));
  }

  @Test
  void labels() throws IOException {
    compare(
        LABELS,
        3,
        session -> new BinaryCrossEntropy().weighted(session.tensor(new float[] {1, 2, 0.5f}, 3)));
  }

  @Test
  void numbers() throws IOException {
    compare(NUMBERS, 1, session -> new Huber(0.7));
    compare(NUMBERS, 3, session -> new QuantileLoss(List.of(0.1, 0.5, 0.9)));
  }
}
