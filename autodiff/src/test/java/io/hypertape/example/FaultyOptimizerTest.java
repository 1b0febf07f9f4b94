package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.optim.FusedUpdate;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.StateVariable;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.optim.Transform;
import io.hypertape.optim.Update;
import io.hypertape.optim.Updated;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is forgotten in an optimizer of the user's own is told when its tower is bound. */
class FaultyOptimizerTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Parameter w = new Parameter("w", session.tensor(new double[] {3, -4, 1}, 3));

  /** An optimizer that consists of its parts. */
  private record Own(String rate, Function<Update, Updated> rule, List<String> states)
      implements Optimizer {

    @Override
    public String name() {
      return "own";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter(rate, 0.1));
    }

    @Override
    public List<StateVariable> state(int[] shape) {
      return states == null
          ? null
          : states.stream().map(name -> new StateVariable(name, 0, shape)).toList();
    }

    @Override
    public Updated update(Update u) {
      return rule.apply(u);
    }
  }

  private static Own own(Function<Update, Updated> rule, String... states) {
    return new Own("alpha", rule, List.of(states));
  }

  private static Updated descend(Update u) {
    return u.to(u.p().sub(u.g().mul(u.value("alpha"))));
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void failsWith(String part, Tower tower) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> tower.bind(session, List.of(w)).close());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().contains("optimizer 'own'"), e.getMessage());
  }

  @Test
  void aStateThatIsNotGivenBack() {
    failsWith(
        "its update of 'w' gives no new state 'm'; needed are the new value, then with(…) for each"
            + " state variable (m, v)",
        own(u -> descend(u), "m", "v").tower());
    failsWith(
        "its update of 'w' gives no new state 'v'",
        own(u -> descend(u).with("m", u.g()), "m", "v").tower());
    failsWith(
        "it gives state 'm'; the state variables are none",
        own(u -> descend(u).with("m", u.g())).tower());
    failsWith(
        "it gives state 'm' twice",
        own(u -> descend(u).with("m", u.g()).with("m", u.g()), "m").tower());
    failsWith("its update of 'w' gives null", own(u -> null, "m").tower());
  }

  @Test
  void aStateThatIsNotDeclared() {
    failsWith(
        "its update of 'w' [3] failed: it reads state 'm'; the state variables are v",
        own(u -> descend(u).with("v", u.state("m")), "v").tower());
  }

  @Test
  void resultsOfAnotherShape() {
    failsWith(
        "its update of 'w' gives a new value of shape []; that of the parameter, [3], is needed",
        own(u -> u.to(descend(u).p().sum())).tower());
    failsWith(
        "gives state 'v' of shape [1]; that of the parameter, [3], is needed",
        own(
                u -> descend(u).with("m", u.state("m")).with("v", u.state("v").sum().reshape(1)),
                "m",
                "v")
            .tower());
  }

  @Test
  void hyperparametersThatAreNotThere() {
    failsWith(
        "its update of 'w' [3] failed: it reads hyperparameter 'beta'; there are alpha",
        own(u -> u.to(u.p().mul(u.value("beta")))).tower());
    failsWith(
        "it reads hyperparameter 'beta'; there are alpha",
        own(u -> u.to(u.p().mul(u.complement("beta")))).tower());
    failsWith("state([3]) gives null", new Own("alpha", u -> descend(u), null).tower());
    failsWith(
        "two state variables have the name 'm'",
        new Own("alpha", u -> descend(u), List.of("m", "m")).tower());
  }

  @Test
  void aKernelThatTakesOthers() {
    FusedUpdate momentum =
        new FusedUpdate(
            FusedKernel.SGD_MOMENTUM, List.of("b"), List.of("alpha", "mu"), u -> descend(u));
    failsWith(
        "it reads state 'b'; the state variables are none",
        own(u -> momentum.apply(u, u.value("alpha"), u.constant(0.9))).tower());
    failsWith(
        "fused update SGD_MOMENTUM: 1 operands; it takes 2: alpha, mu",
        own(u -> momentum.apply(u, u.value("alpha")), "b").tower());
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new FusedUpdate(FusedKernel.SGD_HYPER, List.of(), List.of("a"), u -> descend(u)));
    assertTrue(e.getMessage().contains("SGD_HYPER"), e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new FusedUpdate(FusedKernel.ADAM, List.of(), List.of("a"), u -> descend(u)));
    assertTrue(
        e.getMessage().contains("ADAM: states [] and operands [a]; it has 2 states and 5 operands"),
        e.getMessage());
  }

  @Test
  void inAnyLevel() {
    Own forgetful = own(u -> descend(u), "m");
    failsWith("level 2, optimizer 'own'", new Sgd(0.1).tunedBy(forgetful));
  }

  @Test
  void aScheduleWithoutStepSizes() {
    failsWith(
        "a schedule multiplies the step sizes [alpha] that stepSizes() names; the hyperparameters"
            + " are rate",
        new Own("rate", u -> u.to(u.p().mul(u.value("rate"))), List.of())
            .tower()
            .scheduledBy(StepSchedule.parse("cosine(10)")));
  }

  @Test
  void aValueOutsideItsTransform() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> new Hyperparameter("beta", 1.5, Transform.CLAMP));
    assertTrue(e.getMessage().contains("'beta' is 1.5"), e.getMessage());
  }

  @Test
  void theModelIsAsItWasAndCanBeBoundAgain() {
    failsWith("no new state", own(u -> descend(u), "m").tower());
    try (var optimizer = own(u -> descend(u)).tower().bind(session, List.of(w))) {
      optimizer.step(() -> w.value().sum());
    }
    double[] after = w.value().toDoubles();
    assertEquals(2.9, after[0], 1e-15);
    assertEquals(-4.1, after[1], 1e-15);
  }
}
