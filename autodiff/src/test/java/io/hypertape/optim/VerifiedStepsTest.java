package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.cpu.CpuBackends;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a loss function takes from the host is an input, or the step says that it is not. */
class VerifiedStepsTest {

  /** A parameter, a tower at work on it, and a Java value that a loss function may read. */
  private static final class Run implements AutoCloseable {
    final Session session = Session.over(CpuBackends.open("SCALAR", 1));
    final Parameter w = new Parameter("w", session.tensor(new float[] {1, 2, 3}, 3));
    final TowerOptimizer optimizer = Tower.parse("sgd(1e-3)/sgd(1e-7)").bind(session, List.of(w));
    int calls;
    double factor = 1;
    TrainingStep step;

    Run prepare(Function<List<Tensor>, Tensor> loss) {
      step =
          optimizer.prepare(
              in -> {
                calls++;
                return loss.apply(in);
              });
      return this;
    }

    double[] state() {
      double[] weights = w.value().toDoubles();
      return new double[] {
        optimizer.steps(),
        weights[0],
        weights[1],
        weights[2],
        optimizer.hyperparameters().getFirst().raw()
      };
    }

    StaleRecordingException stale(Supplier<Input> input) {
      double[] before = state();
      StaleRecordingException thrown =
          assertThrows(StaleRecordingException.class, () -> step.run(input.get()));
      assertArrayEquals(before, state());
      return thrown;
    }

    @Override
    public void close() {
      optimizer.close();
      session.close();
    }
  }

  private static Input x() {
    return Input.floats(new float[] {1, -1, 0.5f}, 3);
  }

  private static Tensor plain(Run run, Tensor x) {
    return run.w.value().mul(x).square().sum();
  }

  @Test
  void changedNumberIsNoticedAndTheStepNotTaken() {
    try (Run run = new Run()) {
      run.prepare(in -> run.w.value().mul(in.get(0)).mul(run.factor).square().sum());
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      assertTrue(run.step.mode().startsWith("steps are replayed"), run.step.mode());
      run.factor = 0.5;
      StaleRecordingException thrown = run.stale(VerifiedStepsTest::x);
      String message = thrown.getMessage();
      assertTrue(message.startsWith("step 7: "), message);
      assertTrue(message.contains("operation 3 of 6, 'mul' of shape [3], gives other"), message);
      assertTrue(message.contains("Input.scalar"), message);
      // Until it is mended.
      run.stale(VerifiedStepsTest::x);
      run.factor = 1;
      double expected = lossOf(run.w.value().toFloats());
      assertEquals(expected, run.step.run(x()).item(), 1e-6 * expected);
    }
  }

  private static double lossOf(float[] w) {
    double[] x = {1, -1, 0.5};
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * x[i] * w[i] * x[i];
    }
    return sum;
  }

  /** The loss stays the same, its gradient does not: gradient reversal by a growing factor. */
  @Test
  void changedNumberIsNoticedInGradientsToo() {
    try (Run run = new Run()) {
      run.prepare(
          in -> {
            Tensor x = run.w.value().mul(in.get(0));
            Tensor reversed = x.mul(-run.factor);
            return reversed.add(x.detach().sub(reversed.detach())).square().sum();
          });
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      run.factor = 2;
      assertTrue(run.stale(VerifiedStepsTest::x).getMessage().contains("'mul'"));
    }
  }

  @Test
  void branchesAreNoticed() {
    try (Run run = new Run()) {
      run.prepare(
          in -> {
            Tensor y = run.w.value().mul(in.get(0));
            return (run.factor > 1 ? y.abs() : y.square()).sum();
          });
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      run.factor = 2;
      String message = run.stale(VerifiedStepsTest::x).getMessage();
      assertTrue(message.contains("'square' of shape [3], is 'abs' of shape [3]"), message);
    }
    try (Run run = new Run()) {
      run.prepare(
          in -> {
            Tensor y = plain(run, in.get(0));
            return run.factor > 1 ? y.mul(2) : y;
          });
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      run.factor = 2;
      String message = run.stale(VerifiedStepsTest::x).getMessage();
      assertTrue(message.contains("is new, after all that was there"), message);
    }
  }

  @Test
  void aPartThatIsTakenElsewhereIsNoticed() {
    try (Run run = new Run()) {
      run.prepare(
          in -> {
            int from = run.factor > 1 ? 1 : 0;
            return run.w.value().slice(0, from, from + 2).square().sum();
          });
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      run.factor = 2;
      assertTrue(run.stale(VerifiedStepsTest::x).getMessage().contains("'slice'"));
    }
  }

  @Test
  void changedNumbersAreNoticedLaterToo() {
    try (Run run = new Run()) {
      run.prepare(in -> plain(run, in.get(0)).mul(run.factor));
      for (int i = 0; i < 40; i++) {
        run.step.run(x());
      }
      run.factor = 3;
      int taken = 0;
      StaleRecordingException thrown = null;
      while (thrown == null && taken < 100) {
        try {
          run.step.run(x());
          taken++;
        } catch (StaleRecordingException e) {
          thrown = e;
        }
      }
      assertTrue(thrown != null && taken < 60, taken + " steps taken");
    }
  }

  @Test
  void unverifiedStepsCallTheLossNoMore() {
    try (Run run = new Run()) {
      run.prepare(in -> plain(run, in.get(0))).step.verified(0);
      for (int i = 0; i < 10; i++) {
        run.step.run(x());
      }
      int calls = run.calls;
      for (int i = 0; i < 3000; i++) {
        run.step.run(x());
      }
      assertEquals(calls, run.calls);
    }
  }

  @Test
  void verificationIsRare() {
    try (Run run = new Run()) {
      run.prepare(in -> plain(run, in.get(0)));
      for (int i = 0; i < 3000; i++) {
        run.step.run(x());
      }
      // Two to warm up, two recordings verified twice, powers of two, thousands.
      assertTrue(run.calls > 15 && run.calls < 30, run.calls + " calls");
    }
  }

  @Test
  void scalarInputsChange() {
    try (Run run = new Run()) {
      run.prepare(in -> plain(run, in.get(0)).mul(in.get(1)));
      double before = 0;
      for (int i = 0; i < 50; i++) {
        float[] w = run.w.value().toFloats();
        double expected = lossOf(w) * (1 + i);
        double loss = run.step.run(x(), Input.scalar(1 + i)).item();
        assertEquals(expected, loss, 1e-5 * expected);
        assertTrue(loss != before);
        before = loss;
      }
      assertTrue(run.step.mode().startsWith("steps are replayed"), run.step.mode());
    }
  }

  @Test
  void lossThatThrowsInAVerificationLeavesEverything() {
    try (Run run = new Run()) {
      run.prepare(
          in -> {
            if (run.factor > 1) {
              throw new IllegalStateException("no batch");
            }
            return plain(run, in.get(0));
          });
      for (int i = 0; i < 6; i++) {
        run.step.run(x());
      }
      double[] before = run.state();
      run.factor = 2;
      assertThrows(IllegalStateException.class, () -> run.step.run(x()));
      assertArrayEquals(before, run.state());
    }
  }

  @Test
  void fewerThanNoneCannotBeVerified() {
    try (Run run = new Run()) {
      TrainingStep step = run.prepare(in -> plain(run, in.get(0))).step;
      assertThrows(IllegalArgumentException.class, () -> step.verified(-1));
    }
  }
}
