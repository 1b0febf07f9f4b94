package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Derivatives that traces carry along with updates, against those that go back through all of them.
 */
class SensitivitiesTest {

  private static final int STEPS = 6;

  private static Supplier<Tensor> loss(SmallRun run, int batch) {
    return () -> run.loss(run.tensors(SmallRun.batch(batch)));
  }

  /** ⟨g, ∂w/∂h⟩ after some updates, by what the tower remembers. */
  private static double carried(TowerOptimizer optimizer, SmallRun run, String hyper, int steps) {
    List<LevelTarget> targets = optimizer.runner().levels().levels().getFirst().layout().targets();
    TowerState.LevelState state = optimizer.runner().state().levels().getFirst();
    Gradients gradients = optimizer.gradients(loss(run, steps));
    double sum = 0;
    for (int i = 0; i < targets.size(); i++) {
      List<String> names = targets.get(i).all().stream().map(StateVariable::name).toList();
      double[] e = state.states().get(i).get(names.indexOf("trace.by." + hyper)).toDoubles();
      double[] g = gradients.weights().get(targets.get(i).parameter()).toDoubles();
      for (int k = 0; k < e.length; k++) {
        sum += g[k] * e[k];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd(0.5, mu=0.8, decay=0.01|mu+decay",
        "adam(0.05, beta1=0.8, beta2=0.95, decay=0.1|beta1+beta2+decay",
        "adamw(0.05, beta1=0.8, beta2=0.95, decay=0.1|decay+beta1",
        "adamw(0.05, beta1=0.8, logit=beta1+beta2|beta1+beta2",
        "rmsprop(0.05, gamma=0.9|gamma",
        "sgd(0.5, mu=0.8, logit=mu|mu",
      })
  void areThoseThatGoBackThroughAllUpdates(String base, String tuned) {
    String tower =
        base
            + ", tune="
            + tuned
            + ")/sgd(0.1, by=trace(-1)+warmup(100)) schedule=decay(0.5, "
            + STEPS
            + ")";
    List<String> names = List.of(tuned.split("\\+"));
    List<Double> found = new ArrayList<>();
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(tower)) {
      for (int i = 0; i < STEPS; i++) {
        optimizer.step(loss(run, i));
      }
      names.forEach(name -> found.add(carried(optimizer, run, name, STEPS)));
    }
    try (SmallRun run = SmallRun.exact(false)) {
      List<Supplier<Tensor>> losses = new ArrayList<>();
      for (int i = 0; i <= STEPS; i++) {
        losses.add(loss(run, i));
      }
      Map<String, Double> expected =
          Unrolled.of(Tower.parse(tower), run.session, List.of(run.weight, run.bias))
              .withoutHessians()
              .hypergradients(losses)
              .stored();
      String prefix = "L1." + base.substring(0, base.indexOf('(')) + ".";
      for (int i = 0; i < names.size(); i++) {
        double exact = expected.get(prefix + names.get(i));
        assertTrue(exact != 0, names.get(i) + ": nothing to see");
        assertEquals(exact, found.get(i), 1e-10 * Math.abs(exact), names.get(i));
      }
    }
  }

  /** With a memory that fades: ẇ' = (1 − c)·ẇ − α·ḃ', ḃ' = μ·ḃ + b, of the weights' bits alone. */
  @ParameterizedTest
  @CsvSource({"-0.5, 0", "0, 0", "-0.5, 3"})
  void fadeAsTheMeanDoes(double gamma, int heldOut) {
    String tower =
        "sgd(0.5, mu=0.8, tune=mu)/sgd(1e-3, by=trace("
            + gamma
            + ")+max+warmup(100))"
            + (heldOut > 0 ? " heldout=" + heldOut : "");
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(tower)) {
      int size = run.weight.shape()[0] * run.weight.shape()[1];
      double[] buffer = new double[size];
      double[] bufferBy = new double[size];
      double[] by = new double[size];
      int n = 0;
      for (int i = 0; i < 9; i++) {
        boolean isHeldOut = optimizer.isHeldOut();
        Gradients gradients = optimizer.gradients(loss(run, i));
        double[] g = gradients.weights().get(run.weight).toDoubles();
        optimizer.update(gradients);
        if (isHeldOut) {
          continue;
        }
        double c = n == 0 ? 1 : (gamma + 1) / (n + gamma);
        for (int k = 0; k < size; k++) {
          bufferBy[k] = 0.8 * bufferBy[k] + buffer[k];
          buffer[k] = 0.8 * buffer[k] + g[k];
          by[k] = (1 - c) * by[k] - 0.5 * bufferBy[k];
        }
        n++;
      }
      List<LevelTarget> targets =
          optimizer.runner().levels().levels().getFirst().layout().targets();
      List<String> names = targets.getFirst().all().stream().map(StateVariable::name).toList();
      double[] found =
          optimizer
              .runner()
              .state()
              .levels()
              .getFirst()
              .states()
              .getFirst()
              .get(names.indexOf("trace.by.mu"))
              .toDoubles();
      assertArrayEquals(by, found, 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hd-sgd(0.01, mu=0.9, tune=mu)", "hd-adam(0.01, tune=beta1)"})
  void areNumbersWhereAnUpdateHasNoDerivative(String base) {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(base + "/sgd(0.001, by=trace(-0.5)+max)")) {
      double before = tuned(optimizer);
      for (int i = 0; i < 5; i++) {
        optimizer.step(loss(run, i));
      }
      assertTrue(tuned(optimizer) != before, "nothing is tuned");
    }
  }

  private static double tuned(TowerOptimizer optimizer) {
    return optimizer.hyperparameters().stream()
        .filter(HyperparameterValue::tuned)
        .findFirst()
        .orElseThrow()
        .value();
  }
}
