package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A null among several things is told with its place. */
class NullElementsTest {

  private static void saysOf(String what, Executable code) {
    assertEquals(what + " is null", assertThrows(NullPointerException.class, code).getMessage());
  }

  @Test
  void amongTensors() {
    try (Session session = Session.open(Device.REFERENCE);
        Tape tape = session.tape()) {
      Tensor x = tape.watch(session.ones(1));
      saysOf("concat: parts[1]", () -> Tensor.concat(0, Arrays.asList(x, null)));
      saysOf("gradient: targets[0]", () -> tape.gradient(x.sum(), Arrays.asList((Tensor) null)));
      saysOf("items: scalars[2]", () -> session.items(Arrays.asList(x, x, null)));
      saysOf("lstm: weights[0]", () -> NeuralOps.lstm(x, x, x, Arrays.asList((Tensor) null)));
    }
  }

  @Test
  void amongOptimizersParametersAndInputs() {
    saysOf("tower: optimizers[1]", () -> Tower.of(new Sgd(0.1), null));
    saysOf("tower: levels[0]", () -> new Tower(Arrays.asList((Level) null)));
    saysOf(
        "tower: groups[0]",
        () ->
            new Tower(
                new Sgd(1).tower().levels(),
                Arrays.asList((ParameterGroup) null),
                1,
                StepSchedule.constant(),
                Optional.empty(),
                Cap.none(),
                0));
    saysOf("tuning: names[0]", () -> new Sgd(0.1).tuning((String) null));
    Map<String, Double> alphas = new HashMap<>();
    alphas.put("w", null);
    saysOf("sgd-per-param: alphas of 'w'", () -> new SgdPerParameter(alphas));
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.ones(1));
      Tower tower = new Sgd(0.1).tower();
      saysOf("bind: parameters[1]", () -> tower.bind(session, Arrays.asList(w, null)));
      try (TowerOptimizer optimizer = tower.bind(session, Arrays.asList(w))) {
        TrainingStep step = optimizer.prepare(in -> w.value().sum());
        saysOf("run: inputs[1]", () -> step.run(Input.scalar(1), null));
      }
    }
  }
}
