package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers that find their step size themselves, as levels of towers, and replayed. */
class AdaptiveTowersTest {

  static List<String> optimizers() {
    return List.of(
        "dog(0.5, reps=1e-2, decay=0.01)",
        "dowg(0.5, decay=0.01, average=3)",
        "dowg(0.5, decay=0.01, ema=0.99)",
        "prodigy(0.8, beta1=0.8, beta2=0.9, decay=0.1, d0=1e-2, growth=1.5, bias=1)",
        "prodigy(0.8, beta2=0.9, d0=1e-2, safeguard=1)",
        "dadapt-adam(0.8, beta2=0.9, decay=0.1, d0=1e-2, bias=1)",
        "dadapt-sgd(0.8, mu=0.5, decay=0.001, d0=1e-2)",
        "schedule-free-sgd(0.05, mu=0.8, decay=0.1, warmup=6, r=0.5)",
        "schedule-free-adamw(0.05, beta2=0.9, decay=0.1, warmup=6)",
        "mechanic-sgd(0.5, mu=0.5, decay=0.001, init=1e-2)",
        "mechanic-adamw(0.5, beta2=0.9, init=1e-3, average=2)",
        "hd-sgd(0.05, mu=0.5, decay=0.001)",
        "hd-adam(0.01, beta=0.1, beta2=0.9)",
        "osgm(0.05, init=0.01)",
        "osgm(0.05, init=0.01, scalar=1)",
        "hdm(0.02, mu=0.5, eta=0.1)",
        "hdm(0.02, mu=0.5, eta=0.1, scalar=1)");
  }

  /** What depends on a hyperparameter through sums and shared values is in its derivative. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void derivativesAreThoseOfFiniteDifferences(String optimizer) {
    try (SmallRun run = SmallRun.exact(false)) {
      List<Tensor> in = run.tensors(SmallRun.batch(1));
      Supplier<Tensor> loss = () -> run.loss(in);
      List<Hyperparameter> declared = Tower.parse(optimizer).levels().getFirst().hyperparameters();
      try (TowerOptimizer tower = run.bind(optimizer + "/sgd(1e-4)")) {
        for (int step = 1; step <= 4; step++) {
          tower.step(loss);
          List<HyperparameterValue> values =
              tower.hyperparameters().stream().filter(HyperparameterValue::tuned).toList();
          double[] numeric = new double[values.size()];
          for (int i = 0; i < numeric.length; i++) {
            numeric[i] =
                (moved(run, tower, loss, declared, i, 1e-5)
                        - moved(run, tower, loss, declared, i, -1e-5))
                    / 2e-5;
          }
          moved(run, tower, loss, declared, 0, 0);
          Map<String, Tensor> analytic = tower.gradients(loss).hyperparameters();
          for (int i = 0; i < numeric.length; i++) {
            String label = values.get(i).label();
            assertEquals(numeric[i], analytic.get(label).item(), 2e-7, label + ", step " + step);
          }
        }
      }
    }
  }

  /** The loss if the last update is done with another stored value of one hyperparameter. */
  private static double moved(
      SmallRun run,
      TowerOptimizer tower,
      Supplier<Tensor> loss,
      List<Hyperparameter> declared,
      int which,
      double by) {
    List<HyperparameterValue> now = tower.hyperparameters();
    Map<String, Double> changed = new LinkedHashMap<>();
    for (int i = 0; i < declared.size(); i++) {
      double raw = now.get(i).raw() + (i == which ? by : 0);
      changed.put(now.get(i).label(), declared.get(i).transform().effective(raw));
    }
    tower.undo();
    tower.redo(changed);
    double result = run.session.scoped(() -> loss.get().item());
    // Back, so that the next one differs in one hyperparameter from where this one began.
    Map<String, Double> before = new LinkedHashMap<>();
    for (int i = 0; i < declared.size(); i++) {
      before.put(now.get(i).label(), declared.get(i).transform().effective(now.get(i).raw()));
    }
    tower.undo();
    tower.redo(before);
    return result;
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void replayedStepsHaveTheBitsOfThoseThatRun(String optimizer) {
    Tower tower = Tower.parse(optimizer + "/sgd(1e-4) clip=2 schedule=cosine(40)");
    double[][][] run =
        PlainProblem.trained(
            new ReplayingBackend(new ReferenceBackend(DType.F64), false), tower, 12);
    double[][][] replayed =
        PlainProblem.trained(
            new ReplayingBackend(new ReferenceBackend(DType.F64), true), tower, 12);
    double[][][] single = PlainProblem.trained(CpuBackends.open("VECTOR", 2), tower, 12);
    for (int t = 0; t < run.length; t++) {
      assertArrayEquals(run[t][0], replayed[t][0], optimizer);
      assertArrayEquals(run[t][1], replayed[t][1], optimizer + ", for evaluation");
      assertArrayEquals(run[t][0], single[t][0], 1e-3, optimizer + " in single precision");
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void gradientsThatAreAllZeroLeaveEverythingFinite(String optimizer) {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer tower = run.bind(optimizer + "/sgd(1e-4)")) {
      for (int step = 0; step < 3; step++) {
        tower.step(() -> run.weight.value().sum().mul(0).add(run.bias.value().sum().mul(0)));
        for (double value : run.values(tower)) {
          assertTrue(Double.isFinite(value), optimizer + " gives " + value);
        }
      }
      List<Tensor> in = run.tensors(SmallRun.batch(1));
      double before = run.session.scoped(() -> run.loss(in).item());
      for (int step = 0; step < 40; step++) {
        tower.step(() -> run.loss(in));
      }
      double after = run.session.scoped(() -> run.loss(in).item());
      assertTrue(after < before, optimizer + ": " + before + " became " + after);
    }
  }
}
