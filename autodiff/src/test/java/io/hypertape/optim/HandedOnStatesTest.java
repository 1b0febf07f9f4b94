package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an update gives as a new state may be what it was given itself: gradient, value, state. */
class HandedOnStatesTest {

  /** p' = p − α·(g + the one before + the last but one + 0.01·(p before − first state)). */
  private record Late(boolean copies) implements Optimizer {
    @Override
    public String name() {
      return "late";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter("alpha", 0.1));
    }

    @Override
    public List<StateVariable> state(int[] shape) {
      return List.of(
          new StateVariable("last", 0, shape),
          new StateVariable("lastButOne", 0, shape),
          new StateVariable("value", 0, shape),
          new StateVariable("never", 0.25, shape));
    }

    private io.hypertape.autodiff.Tensor own(io.hypertape.autodiff.Tensor tensor) {
      return copies ? tensor.mul(1) : tensor;
    }

    @Override
    public Updated update(Update u) {
      var direction =
          u.g()
              .add(u.state("last"))
              .add(u.state("lastButOne"))
              .add(u.state("value").sub(u.state("never")).mul(0.01));
      return u.to(u.p().sub(direction.mul(u.value("alpha"))))
          .with("last", own(u.g()))
          .with("lastButOne", own(u.state("last")))
          .with("value", own(u.p()))
          .with("never", own(u.state("never")));
    }
  }

  private static double[] trained(boolean copies, boolean records) {
    try (SmallRun run = SmallRun.exact(records)) {
      Tower tower = new Late(copies).tunedBy(new Sgd(1e-3));
      try (TowerOptimizer optimizer = tower.bind(run.session, List.of(run.weight, run.bias))) {
        TrainingStep step = optimizer.prepare(run::loss);
        for (int i = 0; i < 9; i++) {
          step.run(SmallRun.batch(i));
        }
        optimizer.undo();
        optimizer.redo(java.util.Map.of());
        step.run(SmallRun.batch(0));
        return run.values(optimizer);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areKeptAsTheyWere(boolean records) {
    assertArrayEquals(trained(true, records), trained(false, records));
  }
}
