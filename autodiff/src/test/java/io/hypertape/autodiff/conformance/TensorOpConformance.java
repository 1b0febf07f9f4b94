package io.hypertape.autodiff.conformance;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations made of others: values and derivatives to order 2, run and recorded. */
interface TensorOpConformance extends LayerSuite {

  private static double[] projected(Tensor y, double step) {
    double sum = 0;
    double[] values = y.toDoubles();
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * Math.cos(step * i);
    }
    return new double[] {sum};
  }

  /** cos(step·i), made before a recording. */
  private static Tensor weights(Session session, double step, int... shape) {
    double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.cos(step * i);
    }
    return session.tensor(values, shape);
  }

  /** The result, its derivatives and those of their sums, in the order of the case's numbers. */
  private static List<Tensor> derivatives(
      TensorOpCase given, Tape tape, List<Tensor> inputs, List<Tensor> index, List<Tensor> by) {
    List<Tensor> leaves = inputs.stream().map(tape::watch).toList();
    Tensor out = given.apply(leaves, index);
    List<Tensor> results = new ArrayList<>(List.of(out));
    Tensor loss = out.mul(by.get(0)).sum();
    List<Tensor> first = tape.gradient(loss, leaves, GradientMode.DIFFERENTIABLE);
    Tensor sum = first.get(0).mul(by.get(1)).sum();
    for (int i = 1; i < first.size(); i++) {
      sum = sum.add(first.get(i).mul(by.get(1 + i)).sum());
    }
    results.addAll(first);
    results.addAll(tape.gradient(sum, leaves));
    return results;
  }

  private static List<Tensor> weightsOf(TensorOpCase given, Session session) {
    List<Tensor> by = new ArrayList<>(List.of(weights(session, 0.7, given.result())));
    given.shapes().forEach(shape -> by.add(weights(session, 0.3, shape)));
    return by;
  }

  @ParameterizedTest
  @MethodSource("io.hypertape.autodiff.conformance.TensorOpCase#all")
  default void operationsAndDerivativesAreAsElsewhere(TensorOpCase given) {
    try (Session session = Session.over(another());
        Tape tape = session.tape()) {
      List<Tensor> results =
          derivatives(
              given,
              tape,
              given.inputs(session),
              given.indices(session),
              weightsOf(given, session));
      assertArrayEquals(given.result(), results.get(0).shape());
      assertEquals(given.expected().length, results.size());
      double tolerance = session.dtype() == DType.F64 ? 1e-10 : 2e-5;
      for (int i = 0; i < results.size(); i++) {
        double expected = given.expected()[i];
        double scale = Math.max(10, Math.abs(expected));
        String part = given + ", result " + i;
        assertEquals(expected, projected(results.get(i), 0.11)[0], tolerance * scale, part);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.hypertape.autodiff.conformance.TensorOpCase#all")
  default void recordedOperationsAreReplayed(TensorOpCase given) {
    try (Session session = Session.over(another());
        Workspace storage = INTERNALS.workspace(session)) {
      if (!INTERNALS.canRecord(session)) {
        return;
      }
      List<Tensor> inputs = given.inputs(session);
      List<Tensor> by = weightsOf(given, session);
      try (Scope unused = session.scratch()) {
        List<Tensor> index = given.indices(session);
        try (Tape tape = INTERNALS.tape(session, storage)) {
          derivatives(given, tape, inputs, index, by);
        }
        List<Tensor> results = new ArrayList<>();
        try (Tape tape = INTERNALS.tape(session, storage);
            Recording recording =
                INTERNALS.record(
                    session, () -> results.addAll(derivatives(given, tape, inputs, index, by)))) {
          // On other values than those that were there.
          for (Tensor input : inputs) {
            double[] values = input.toDoubles();
            Arrays.setAll(values, i -> 0.5 - values[i]);
            session.overwrite(input, values);
          }
          recording.replay();
          List<double[]> replayed = results.stream().map(Tensor::toDoubles).toList();
          tape.suspend();
          try (Tape plain = session.tape()) {
            List<Tensor> expected = derivatives(given, plain, inputs, index, by);
            for (int i = 0; i < expected.size(); i++) {
              assertArrayEquals(
                  expected.get(i).toDoubles(), replayed.get(i), given + ", result " + i);
            }
          }
          tape.resume();
        }
      }
    }
  }

  @Test
  default void whatIsNotChosenDoesNotLeak() {
    double inf = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    try (Session session = Session.over(another());
        Tape tape = session.tape()) {
      Tensor condition = session.tensor(new double[] {1, 0, nan, -0.0, -2, 0, 1, 0}, 8);
      Tensor a = tape.watch(session.tensor(new double[] {1, nan, -0.0, inf, nan, -inf, inf, 7}, 8));
      Tensor b =
          tape.watch(session.tensor(new double[] {nan, 2, inf, -0.0, -inf, nan, nan, -inf}, 8));
      Tensor out = Tensor.where(condition, a, b);
      double[] expected = {1, 2, -0.0, -0.0, nan, nan, inf, -inf};
      // Bits, as −0 is another number than 0 here.
      assertArrayEquals(expected, out.toDoubles());
      for (int i = 2; i < 4; i++) {
        assertEquals(-inf, 1 / out.toDoubles()[i], "the sign of zero " + i);
      }
      // An infinite cotangent goes where the value came from, and nowhere else.
      Tensor by = session.tensor(new double[] {inf, 2, 3, 4, nan, 6, 7, -inf}, 8);
      List<Tensor> gradients = tape.gradient(out.mul(by).sum(), List.of(a, b));
      double[] byA = gradients.get(0).add(0).toDoubles();
      double[] byB = gradients.get(1).add(0).toDoubles();
      assertArrayEquals(new double[] {inf, 0, 3, 0, nan, 0, 7, 0}, byA);
      assertArrayEquals(new double[] {0, 2, 0, 4, 0, 6, 0, -inf}, byB);
    }
  }

  @Test
  default void comparisonsGiveZeroAndOne() {
    double nan = Double.NaN;
    try (Session session = Session.over(another());
        Tape tape = session.tape()) {
      Tensor a = tape.watch(session.tensor(new double[] {1, 2, 3, nan, nan, -0.0}, 6));
      Tensor b = session.tensor(new double[] {2, 2, 2, 2, nan, 0}, 6);
      assertArrayEquals(new double[] {0, 1, 0, 0, 0, 1}, a.equalTo(b).toDoubles());
      assertArrayEquals(new double[] {1, 0, 1, 1, 1, 0}, a.notEqualTo(b).toDoubles());
      assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, a.greaterThan(b).toDoubles());
      assertArrayEquals(new double[] {0, 1, 1, 0, 0, 1}, a.greaterOrEqual(b).toDoubles());
      assertArrayEquals(new double[] {1, 0, 0, 0, 0, 0}, a.lessThan(b).toDoubles());
      assertArrayEquals(new double[] {1, 1, 0, 0, 0, 1}, a.lessOrEqual(b).toDoubles());
      assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0}, a.equalTo(2).toDoubles());
      assertArrayEquals(new double[] {1, 0, 1, 1, 1, 1}, a.notEqualTo(2).toDoubles());
      assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, a.greaterThan(2).toDoubles());
      assertArrayEquals(new double[] {0, 1, 1, 0, 0, 0}, a.greaterOrEqual(2).toDoubles());
      assertArrayEquals(new double[] {1, 0, 0, 0, 0, 1}, a.lessThan(2).toDoubles());
      assertArrayEquals(new double[] {1, 1, 0, 0, 0, 1}, a.lessOrEqual(2).toDoubles());
      Tensor none = tape.gradient(a.lessOrEqual(b).sum(), List.of(a)).get(0);
      assertArrayEquals(new double[6], none.toDoubles());
    }
  }

  @Test
  default void sumsRunForwardOnly() {
    double inf = Double.POSITIVE_INFINITY;
    try (Session session = Session.over(another());
        Scope unused = session.scratch()) {
      Tensor x = session.tensor(new double[] {-0.0, 1, 2, inf, 4, Double.NaN, 6}, 7);
      double[] sums = x.cumsum(0).toDoubles();
      assertArrayEquals(new double[] {-0.0, 1, 3, inf, inf, Double.NaN, Double.NaN}, sums);
      assertArrayEquals(new double[] {5}, session.full(new int[] {1}, 5).cumsum(0).toDoubles());
      assertArrayEquals(new int[] {2, 0, 3}, session.zeros(2, 0, 3).cumsum(1).shape());
    }
  }

  @Test
  default void nothingIsMadeOfNothing() {
    try (Session session = Session.over(another());
        Scope unused = session.scratch()) {
      Tensor none = session.zeros(2, 0, 3);
      assertArrayEquals(new int[] {2, 0, 5}, none.matmul(session.ones(3, 5)).shape());
      assertArrayEquals(new int[] {2, 0, 5}, none.matmul(session.ones(2, 3, 5)).shape());
      assertArrayEquals(
          new double[8], session.ones(2, 2, 0).matmul(session.ones(2, 0, 2)).toDoubles());
      assertArrayEquals(
          new double[8], session.ones(2, 2, 0).matmul(session.ones(0, 2)).toDoubles());
      assertArrayEquals(new int[] {2, 0, 3}, none.softmax(1).shape());
      Tensor index = session.indices();
      assertArrayEquals(new int[] {2, 0, 3}, none.take(1, index).shape());
      assertArrayEquals(
          new int[] {2, 0, 3}, session.ones(2, 4, 3).gather(1, index.reshape(2, 0, 3)).shape());
      assertArrayEquals(
          new double[6],
          Tensor.einsum("aib,bj->aj", session.zeros(2, 0, 3), session.ones(3, 3)).toDoubles());
      assertArrayEquals(new double[2], none.sumKeepDims(1, 2).toDoubles());
    }
  }

  @Test
  default void indicesOutsideAnAxisAreRefused() {
    try (Session session = Session.over(another());
        Scope unused = session.scratch()) {
      Tensor x = session.ones(2, 3);
      for (int bad : new int[] {3, -1}) {
        Tensor index = session.indices(0, bad);
        for (Runnable call :
            List.<Runnable>of(
                () -> x.gather(1, index.reshape(2, 1)).toDoubles(),
                () -> x.slice(0, 0, 1).gather(1, index.reshape(1, 2)).toDoubles(),
                () -> x.take(1, index).toDoubles())) {
          Exception e = assertThrows(IndexOutOfBoundsException.class, call::run);
          assertTrue(e.getMessage().contains("index[1] is " + bad), e.getMessage());
        }
      }
    }
  }
}
