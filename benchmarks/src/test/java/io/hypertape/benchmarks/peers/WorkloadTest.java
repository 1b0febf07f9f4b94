package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
      assertEquals("model is 'vgg'; mlp, resnet20, resnet20-1024, char-lstm fit", e.getMessage());
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

  @ParameterizedTest
  @EnumSource(DeviceOptions.Data.class)
  void stepsForAGpuTrainToo(DeviceOptions.Data data) {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Workload workload = Workload.of(StepCase.MLP, session);
      Tower tower = Tower.parse("sgd(0.01)/sgd(1e-4)^3");
      try (TowerOptimizer optimizer = tower.bind(session, workload.model().parameters())) {
        DeviceSteps steps = DeviceSteps.of(session, workload, optimizer, data);
        double first = steps.run(1);
        double last = steps.run(12);
        assertEquals(Math.log(10), first, 0.3);
        assertTrue(last < 2.33 && last != first, first + " became " + last);
        if (data == DeviceOptions.Data.DEVICE) {
          assertTrue(last < first, "the same batch each time: " + first + " became " + last);
        }
        assertTrue(steps.mode().startsWith("steps are replayed"), steps.mode());
      }
    }
  }

  @Test
  void whatALevelCostsIsSaid() {
    assertEquals(
        List.of(
            "Height 1 takes 2.0 % more than height 0: 2.0 % a level.",
            "Height 10 takes 20.0 % more than height 0: 2.0 % a level."),
        DevicePeers.levels(new TreeMap<>(Map.of(0, 100e-6, 1, 102e-6, 10, 120e-6))));
    assertEquals(List.of(), DevicePeers.levels(Map.of(1, 1.0)));
  }

  @Test
  void theScriptForGpusKnowsEveryStep() throws Exception {
    Path script = Python.deviceScript();
    String text = Files.readString(script);
    for (StepCase which : StepCase.ON_DEVICE) {
      assertTrue(text.contains("\n        \"" + which.script() + "\": ("), which.script());
    }
    Python.deleteDeviceScript(script);
    assertFalse(Files.exists(script.getParent()));
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
