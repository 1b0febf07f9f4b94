package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {

  /** Sizes are PyTorch's of its models; losses begin near those of guessing. */
  @ParameterizedTest
  @CsvSource({"mlp,101770", "resnet20,269722", "char-lstm,287322"})
  void modelsAreOfThePeersSizeAndTrain(String model, long size) {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Workload workload = Workload.of(model, session);
      assertEquals(size, workload.size());
      StepCase which =
          StepCase.LISTED.stream().filter(c -> c.model().equals(model)).findFirst().orElseThrow();
      Tower tower = Tower.parse(which.tower());
      try (TowerOptimizer optimizer = tower.bind(session, workload.model().parameters())) {
        TrainingStep step = optimizer.prepare(workload.loss());
        double first = step.run(workload.batches().get(0)).item();
        double second = step.run(workload.batches().get(1)).item();
        double guessing = Math.log(which.classes());
        assertTrue(Math.abs(first - guessing) < 0.5 * guessing, "the loss is " + first);
        assertTrue(second < 2 * guessing && second != first, "the loss is " + second);
      }
    }
  }

  @Test
  void anUnknownModelIsNamedWithThoseThatFit() {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      var e = assertThrows(IllegalArgumentException.class, () -> Workload.of("vgg", session));
      assertEquals("model is 'vgg'; mlp, resnet20, char-lstm fit", e.getMessage());
    }
  }

  @Test
  void stepsAreKnownByModelAndTower() {
    assertEquals(
        List.of(
            "step sgd(0.01)",
            "step adam(1e-3)/sgd(1e-5)",
            "step char-lstm adam(2e-3)",
            "step resnet20 sgd(0.1, mu=0.9)"),
        StepCase.LISTED.stream().map(StepCase::name).toList());
    Set<String> scripts = new HashSet<>();
    StepCase.LISTED.forEach(which -> scripts.add(which.script()));
    assertEquals(StepCase.LISTED.size(), scripts.size());
  }

  @Test
  void theScriptKnowsEveryStep() throws Exception {
    Path script = Python.script();
    try {
      String text = Files.readString(script);
      for (StepCase which : StepCase.LISTED) {
        assertTrue(text.contains("\n        \"" + which.script() + "\": ("), which.script());
      }
    } finally {
      Files.delete(script);
    }
  }
}
