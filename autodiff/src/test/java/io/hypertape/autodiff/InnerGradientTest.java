package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.Input;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Session#gradient}: gradients that a loss is made of. */
class InnerGradientTest {

  private static Tensor cubes(Tensor x) {
    return x.square().mul(x).sum();
  }

  @Test
  void inAPlainScopeItIsAPlainValue() {
    try (Session session = Session.open(Device.REFERENCE)) {
      session.scoped(
          () -> {
            Tensor g =
                session.gradient(InnerGradientTest::cubes, session.tensor(new double[] {1, -2}, 2));
            assertArrayEquals(new double[] {3, 12}, g.toDoubles(), 1e-12);
            assertTrue(!g.isTracked());
            assertArrayEquals(
                new double[] {0, 0},
                session.gradient(x -> session.scalar(1), session.ones(2)).toDoubles());
          });
    }
  }

  @Test
  void onATapeItIsDifferentiableByThePointAndByAllElse() {
    try (Session session = Session.open(Device.REFERENCE);
        Tape tape = session.tape()) {
      Tensor w = tape.watch(session.scalar(2));
      Tensor x = tape.watch(session.tensor(new double[] {1, -2}, 2));
      // Only what the function makes of its argument counts: d/dv Σ v²·w·x at v = x is 2w·x².
      Tensor slope = session.gradient(v -> v.square().mul(w).mul(x).sum(), x);
      assertArrayEquals(new double[] {4, 16}, slope.toDoubles(), 1e-12);
      List<Tensor> derivatives = tape.gradient(slope.sum(), List.of(w, x));
      assertEquals(2 * (1 + 4), derivatives.get(0).item(), 1e-12); // 2·Σx²
      assertArrayEquals(new double[] {8, -16}, derivatives.get(1).toDoubles(), 1e-12); // 4w·x
      // And again, inside itself: the second derivative of x³.
      Tensor second = session.gradient(v -> session.gradient(InnerGradientTest::cubes, v).sum(), x);
      assertArrayEquals(new double[] {6, -12}, second.toDoubles(), 1e-12);
      assertArrayEquals(
          new double[] {6, 6}, tape.gradient(second.sum(), List.of(x)).get(0).toDoubles(), 1e-12);
    }
  }

  @Test
  void derivativesOfAPenaltyAreThoseOfFiniteDifferences() {
    try (Session session = Session.open(Device.REFERENCE)) {
      GradientCheck check =
          new GradientCheck(
              session,
              in ->
                  session
                      .gradient(v -> v.matmul(in.get(0)).tanh().square().sum(), in.get(1))
                      .square()
                      .sum(1)
                      .sqrt());
      Tensor w = session.tensor(new double[] {.3, -.7, .9, .4, -.2, .8}, 2, 3);
      Tensor x = session.tensor(new double[] {.5, -1.1, .2, .7}, 2, 2);
      assertTrue(check.worstError(2, List.of(w, x)) < 1e-6);
    }
  }

  @Test
  void aPreparedStepHasItInItsRecording() {
    for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
      try (Session session = Session.open(device)) {
        Parameter w = new Parameter("w", session.scalar(1));
        try (TowerOptimizer optimizer = new Sgd(0.01).tower().bind(session, List.of(w))) {
          // Σ (d/dv w·v²)² = 4w²·Σv², of which the derivative by w is 8w·Σv².
          TrainingStep step =
              optimizer.prepare(
                  in ->
                      session
                          .gradient(v -> v.square().mul(w.value()).sum(), in.get(0))
                          .square()
                          .sum());
          double expected = 1;
          for (int k = 1; k <= 12; k++) {
            float[] v = {0.1f * k, -0.5f};
            double squares = (double) v[0] * v[0] + (double) v[1] * v[1];
            assertEquals(
                4 * expected * expected * squares, step.run(Input.floats(v, 2)).item(), 1e-5);
            expected -= 0.01 * 8 * expected * squares;
            assertEquals(expected, w.value().item(), 1e-5, device + ", step " + k);
          }
          assertEquals(device == Device.CPU, step.mode().startsWith("steps are replayed"));
        }
      }
    }
  }

  @Test
  void aFusedOpMayBeDefinedByOne() {
    try (Session session = Session.open(Device.REFERENCE)) {
      FusedOp slope =
          FusedOp.of("slope", in -> List.of(session.gradient(InnerGradientTest::cubes, in.get(0))));
      try (Tape tape = session.tape()) {
        Tensor x = tape.watch(session.tensor(new double[] {1, -2}, 2));
        Tensor y = slope.apply(x);
        assertArrayEquals(new double[] {3, 12}, y.toDoubles(), 1e-12);
        assertArrayEquals(
            new double[] {6, -12}, tape.gradient(y.sum(), List.of(x)).get(0).toDoubles(), 1e-12);
      }
    }
  }

  @Test
  void errorsSayWhatWouldFit() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Tensor x = session.ones(2);
      String none =
          assertThrows(
                  IllegalStateException.class, () -> session.gradient(InnerGradientTest::cubes, x))
              .getMessage();
      assertTrue(none.startsWith("gradient: no scope is open"), none);
      session.scoped(
          () -> {
            String many =
                assertThrows(
                        IllegalArgumentException.class, () -> session.gradient(Tensor::square, x))
                    .getMessage();
            assertTrue(many.contains("[2]; one element is needed"), many);
            assertEquals(2, x.add(0).size()); // the scope is the current one again
          });
      try (Tape other = session.tape()) {
        Tensor tracked = other.watch(x);
        try (Tape tape = session.tape()) {
          String another =
              assertThrows(
                      IllegalArgumentException.class,
                      () -> session.gradient(InnerGradientTest::cubes, tracked))
                  .getMessage();
          assertTrue(another.contains("inside of a computation by session.gradient"), another);
          assertTrue(tape.watch(x).isTracked());
        }
      }
    }
  }
}
