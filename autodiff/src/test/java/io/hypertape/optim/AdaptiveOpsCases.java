package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Kernels of optimizers that find their step size, against their definitions in float64. */
final class AdaptiveOpsCases {

  private static final int[] SIZES = {0, 1, 3, 4, 5, 17, 1000, 5003};

  private AdaptiveOpsCases() {}

  /**
   * An operation and operands for it.
   *
   * @param vectors how many operands, the first, are vectors
   * @param square which vector is one of squares; −1 for none
   * @param scalars the others
   */
  private record Case(AdaptiveOps.Op op, int vectors, int square, double... scalars) {}

  private static List<Case> cases(double rest) {
    return List.of(
        new Case(AdaptiveOps.PRODIGY, 6, 3, 0.25, 0.3, 0.1, rest, 0),
        new Case(AdaptiveOps.PRODIGY, 6, 3, 0.25, 0.3, 0.1, rest, 0.75),
        new Case(AdaptiveOps.DADAPT_ADAM, 4, 2, 0.3, 0.1, rest, 1e-3),
        new Case(AdaptiveOps.DADAPT_SGD, 3, -1, 0.3),
        new Case(AdaptiveOps.DISTANCE, 3, -1),
        new Case(AdaptiveOps.MECHANIC, 4, -1),
        new Case(AdaptiveOps.MEANS_STEP, 3, 2, 0.03, 1e-3),
        new Case(AdaptiveOps.MEANS_STEP_BY_ONE, 3, 2, 1, 1e-3),
        new Case(AdaptiveOps.SCHEDULE_FREE_SGD, 3, -1, 0.03, 0, 0.9, 0.875, 0.125),
        new Case(AdaptiveOps.SCHEDULE_FREE_SGD_DECAYED, 3, -1, 0.03, 0.001, 0.9, 0.875, 0.125),
        new Case(AdaptiveOps.SCHEDULE_FREE_ADAM, 4, 3, 0.03, 0, 0.9, 0.875, 0.125, rest, 1e-3, 3),
        new Case(
            AdaptiveOps.SCHEDULE_FREE_ADAM_DECAYED,
            4,
            3,
            0.03,
            0.001,
            0.9,
            0.875,
            0.125,
            rest,
            1e-3,
            3),
        new Case(AdaptiveOps.GRADIENT, 3, -1),
        new Case(AdaptiveOps.SCALED_STEP, 5, 4, 0.03, 7, 1e-3),
        new Case(AdaptiveOps.SCALED_MOMENTUM, 6, 4, 0.03, 7, 1e-3, 0.75));
  }

  /** Operands of a session, with the same bits in each. */
  private static List<Tensor> inputs(Session session, Case one, int n) {
    List<Tensor> inputs = new ArrayList<>();
    Random random = new Random(n);
    for (int i = 0; i < one.vectors; i++) {
      double[] values = new double[n];
      for (int j = 0; j < n; j++) {
        double x = (float) random.nextGaussian();
        values[j] = i == one.square ? Math.abs(x) : x;
      }
      inputs.add(session.tensor(values, n));
    }
    for (double scalar : one.scalars) {
      inputs.add(session.scalar((float) scalar));
    }
    return inputs;
  }

  private static List<double[]> results(Backend backend, Case one, int n) {
    try (Session session = Session.over(backend)) {
      return session.scoped(
          () -> one.op.apply(inputs(session, one, n)).stream().map(Tensor::toDoubles).toList());
    }
  }

  private static void compare(Supplier<Backend> backend, double rest, int n) {
    for (Case one : cases(rest)) {
      // What counts as the decay next to 0 is another one in each type.
      DType exactly = rest < 1 ? DType.F64 : DType.F32;
      List<double[]> expected = results(new ReferenceBackend(exactly), one, n);
      List<double[]> actual = results(backend.get(), one, n);
      assertEquals(expected.size(), actual.size());
      for (int k = 0; k < expected.size(); k++) {
        String what = one.op.fused().name() + " of " + n + " at " + rest + ", result " + k;
        assertEquals(expected.get(k).length, actual.get(k).length, what);
        for (int i = 0; i < expected.get(k).length; i++) {
          double exact = expected.get(k)[i];
          // Sums of numbers of either sign are as far off as those without.
          double size = Math.max(Math.abs(exact), expected.get(k).length < n ? n : 1);
          assertEquals(exact, actual.get(k)[i], 3e-6 * size, what + ", element " + i);
        }
      }
    }
  }

  /** A backend runs kernels, and they do what the definitions say. */
  static void check(Supplier<Backend> backend) {
    try (Backend own = backend.get()) {
      for (Case one : cases(0.1)) {
        assertTrue(one.op.fused().isFusedOn(own), one.op.fused().name());
      }
    }
    for (int n : SIZES) {
      compare(backend, 0.001f, n);
    }
    // Complements of decays, those included that are no decay's between 0 and 1.
    for (float rest : new float[] {-1, 0, 1e-30f, 1e-12f, 1e-8f, 0.9f, 0.99999994f, 1, 2}) {
      compare(backend, rest, 37);
    }
  }

  /** Derivatives by the scalars, of all results at once. */
  private static double[] derivatives(Backend backend, Case one) {
    try (Session session = Session.over(backend);
        Tape tape = session.tape()) {
      List<Tensor> inputs = inputs(session, one, 37);
      List<Tensor> leaves = new ArrayList<>();
      for (int i = one.vectors; i < inputs.size(); i++) {
        leaves.add(tape.watch(inputs.get(i)));
        inputs.set(i, leaves.getLast());
      }
      Tensor sum = session.scalar(0);
      for (Tensor result : one.op.apply(inputs)) {
        sum = sum.add(result.square().sum());
      }
      return session.items(tape.gradient(sum, leaves));
    }
  }

  /** Where a derivative is taken it is the definition's. */
  static void checkDerivatives(Supplier<Backend> backend) {
    for (Case one : cases(0.1)) {
      if (one.scalars.length > 0) {
        double[] expected = derivatives(new ReferenceBackend(DType.F64), one);
        double[] actual = derivatives(backend.get(), one);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
          double tolerance = 1e-4 * Math.max(1, Math.abs(expected[i]));
          assertEquals(expected[i], actual[i], tolerance, one.op.fused().name() + ", scalar " + i);
        }
      }
    }
  }
}
