package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Mnist;
import io.hypertape.data.Strokes;
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Evaluation;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import io.hypertape.testing.SharedFolder;
import io.hypertape.trace.ReferenceTrace;
import io.hypertape.trace.TraceReader;
import io.hypertape.trace.TraceReplay;
import io.hypertape.trace.TraceReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cuda backend at its real work, over the double of CUDA's libraries or, where the tests are
 * told so, on a GPU. Every call of the double is counted; none may be wrong, none unchecked, and
 * nothing may be left.
 */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaTrainingTest {

  private static Session open() {
    Session session = Session.open(Device.CUDA);
    assertEquals("cuda", session.backendName());
    return session;
  }

  @Test
  void everyReferenceTracePasses() throws IOException {
    int steps = 0;
    try (Stream<Path> files = Files.list(SharedFolder.require("reference"))) {
      for (Path file : files.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        ReferenceTrace trace = TraceReader.read(file);
        try (Session session = open()) {
          TraceReport report = TraceReplay.run(session, trace);
          assertTrue(report.passed(), report.toString());
          steps += report.steps();
        }
      }
    }
    assertTrue(steps >= 17 * 40, steps + " steps");
    assertTrue(CudaDouble.calls() > steps || CudaDouble.isDevice(), "the double was not called");
  }

  private static Evaluation train(
      SessionOptions where, DataSplit data, int hidden, String tower, List<Double> losses)
      throws IOException {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(long step, double loss, TowerOptimizer optimizer) {
            losses.add(loss);
          }
        };
    try (Session session = Session.open(where)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, hidden, 10), 1);
      return new Trainer(session, model, data)
          .options(new TrainingOptions(1, 256, 1))
          .listener(listener)
          .run(Tower.parse(tower));
    }
  }

  @Test
  void anEpochOfMnistEqualsTheCpus() throws IOException {
    DataSplit mnist = Mnist.load(SharedFolder.require("data/mnist"));
    List<Double> cuda = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    Evaluation ours =
        train(SessionOptions.of(Device.CUDA), mnist, 128, "adam(1e-3)/sgd(1e-5)", cuda);
    Evaluation theirs =
        train(SessionOptions.of(Device.CPU), mnist, 128, "adam(1e-3)/sgd(1e-5)", cpu);
    assertEquals(235, cuda.size());
    for (int i = 0; i < cpu.size(); i++) {
      assertEquals(cpu.get(i), cuda.get(i), 5e-3 * cpu.get(i), "loss of step " + (i + 1));
    }
    assertEquals(theirs.error(), ours.error(), 0.005);
    assertTrue(ours.error() < 0.09, ours.toString());
    if (!CudaDouble.isDevice()) {
      // Passes and updates of full batches at even and odd steps; the last, smaller one comes once
      // and is not recorded.
      assertEquals(4, CudaDouble.calls("cudaGraphInstantiate"));
      assertTrue(CudaDouble.calls("cudaGraphLaunch") > 2 * 225, "steps are replayed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.1)/sgd(0.01)", "adam(1e-3)/sgd(1e-5)", "sgd(0.01)/sgd(1e-3)^10"})
  void equalSeedsGiveEqualBits(String tower) throws IOException {
    DataSplit small = Strokes.generate(1, 1100, 100);
    List<Double> one = new ArrayList<>();
    List<Double> two = new ArrayList<>();
    train(SessionOptions.of(Device.CUDA), small, 32, tower, one);
    train(SessionOptions.of(Device.CUDA), small, 32, tower, two);
    assertEquals(one, two);
  }

  /** The first tower diverges before steps are replayed, the second while they are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"sgd(1e30)|2|2", "sgd(1e-4)/sgd(1e-2)/sgd(1000)|6|40"})
  void divergenceIsToldAtItsStep(String tower, int from, int to) throws IOException {
    DataSplit small = Strokes.generate(1, 40 * 256, 100);
    MlpSpec form = new MlpSpec(List.of(784, 32, 10), List.of(Activation.RELU, Activation.NONE));
    try (Session session = open()) {
      Trainer trainer =
          new Trainer(session, Mlp.create(session, form, 1), small)
              .options(new TrainingOptions(1, 256, 1));
      DivergedException e =
          assertThrows(DivergedException.class, () -> trainer.run(Tower.parse(tower)));
      String message = e.getMessage();
      assertTrue(message.matches("diverged at step \\d+: the loss is \\S+ with L1.*"), message);
      int step = Integer.parseInt(message.replaceAll("diverged at step (\\d+):.*", "$1"));
      assertTrue(step >= from && step <= to, message);
      // The values that the step was computed with, not those that it led to.
      assertFalse(message.substring(message.indexOf(" with ")).contains("NaN"), message);
    }
  }

  @Test
  void automaticChoiceTakesTheGpu() {
    try (Session session = Session.open(Device.AUTO)) {
      assertEquals("cuda", session.backendName());
      assertTrue(session.description().startsWith("cuda backend: "), session.description());
    }
  }
}
