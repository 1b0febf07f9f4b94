package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UpdateOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Operand;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.StateVariable;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.optim.Transform;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is forgotten in an optimizer of the user's own is told when its tower is bound. */
class FaultyOptimizerTest {

  private static final StateVariable M = new StateVariable("m", 0);
  private static final StateVariable V = new StateVariable("v", 0);
  private static final List<Operand> ALPHA = List.of(new Operand.Tunable(0));

  private final Session session = Session.open(Device.REFERENCE);
  private final Parameter w = new Parameter("w", session.tensor(new double[] {3, -4, 1}, 3));

  /** An optimizer that consists of its parts. */
  private record Own(
      String rate, UpdateOp update, List<StateVariable> state, List<Operand> operands)
      implements Optimizer {

    Own(UpdateOp update, List<StateVariable> state, List<Operand> operands) {
      this("alpha", update, state, operands);
    }

    @Override
    public String name() {
      return "own";
    }

    @Override
    public String text() {
      return "own(0.1)";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter(rate, 0.1, Transform.IDENTITY));
    }

    @Override
    public List<Operand> operands(String parameter) {
      return operands;
    }
  }

  private static Own own(UnaryOperator<List<Tensor>> definition, StateVariable... state) {
    return new Own(UpdateOp.defined(definition), List.of(state), ALPHA);
  }

  private static Tensor descend(List<Tensor> in) {
    return in.get(0).sub(in.get(1).mul(in.getLast()));
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
        "its update of 'w' gives 1 tensors; 3 are needed: the new value, then the state variables"
            + " (m, v)",
        own(in -> List.of(descend(in)), M, V).tower());
    failsWith(
        "gives 2 tensors; 1 are needed: the new value, then the state variables (none)",
        own(in -> List.of(descend(in), in.get(1))).tower());
    failsWith("gives 0 tensors", own(in -> List.of(), M).tower());
    failsWith("gives 0 tensors", own(in -> null, M).tower());
  }

  @Test
  void aStateThatIsNotDeclared() {
    failsWith(
        "its update of 'w' [3] failed on [p, g, alpha]: ",
        own(in -> List.of(descend(in), in.get(3).add(in.get(1)))).tower());
  }

  @Test
  void resultsOfAnotherShape() {
    failsWith(
        "its update of 'w' gives a new value of shape []; that of the parameter, [3], is needed",
        own(in -> List.of(descend(in).sum())).tower());
    failsWith(
        "gives state 'v' of shape [1]; that of the parameter, [3], is needed",
        own(in -> List.of(descend(in), in.get(2), in.get(3).sum().reshape(1)), M, V).tower());
  }

  @Test
  void operandsThatAreNotThere() {
    UpdateOp update = UpdateOp.defined(in -> List.of(descend(in)));
    failsWith(
        "an operand of 'w' is hyperparameter 1; there are 1, counted from 0: alpha",
        new Own(update, List.of(), List.of(new Operand.Tunable(1))).tower());
    failsWith("operands(\"w\") gives null", new Own(update, List.of(), null).tower());
    failsWith("state() gives null", new Own(update, null, ALPHA).tower());
    failsWith("update() gives null", new Own(null, List.of(), ALPHA).tower());
    failsWith(
        "two state variables have the name 'm'", new Own(update, List.of(M, M), ALPHA).tower());
  }

  @Test
  void aKernelThatTakesOthers() {
    UpdateOp momentum =
        new UpdateOp(FusedKernel.SGD_MOMENTUM, FusedKernel.SGD_MOMENTUM_HYPER, 1, 2, in -> in);
    failsWith(
        "its update SGD_MOMENTUM has 1 states; state() declares 0: none",
        new Own(momentum, List.of(), ALPHA).tower());
    failsWith(
        "its update SGD_MOMENTUM takes 2 hyperparameters; operands(\"w\") gives 1",
        new Own(momentum, List.of(M), ALPHA).tower());
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new UpdateOp(FusedKernel.ADAM, FusedKernel.SGD_HYPER, 2, 3, in -> in));
    assertTrue(e.getMessage().contains("ADAM and SGD_HYPER"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new UpdateOp(FusedKernel.ADAM, FusedKernel.ADAM_HYPER, 0, 3, in -> in));
  }

  @Test
  void inAnyLevel() {
    Own forgetful = own(in -> List.of(descend(in)), M);
    failsWith("level 2, optimizer 'own'", new Sgd(0.1).tunedBy(forgetful));
  }

  @Test
  void aScheduleWithoutStepSizes() {
    UpdateOp update = UpdateOp.defined(in -> List.of(descend(in)));
    failsWith(
        "a schedule multiplies the step sizes [alpha] that stepSizes() names; the hyperparameters"
            + " are rate",
        new Own("rate", update, List.of(), ALPHA)
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
    failsWith("tensors", own(in -> List.of(descend(in)), M).tower());
    try (var optimizer = own(in -> List.of(descend(in))).tower().bind(session, List.of(w))) {
      optimizer.step(() -> w.value().sum());
    }
    double[] after = w.value().toDoubles();
    assertEquals(2.9, after[0], 1e-15);
    assertEquals(-4.1, after[1], 1e-15);
  }
}
