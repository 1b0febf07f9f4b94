package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gradients by parameter, without an optimizer. */
class ParameterGradientTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Parameter w = new Parameter("w", session.tensor(new double[] {3, -2}, 2));
  private final Parameter b = new Parameter("b", session.scalar(5));

  @AfterEach
  void close() {
    session.close();
  }

  /** (w·w)·b: 2wb and w·w. */
  private Tensor function() {
    return w.value().square().sum().mul(b.value());
  }

  @Test
  void aFunctionOfParametersSeesTheWatchedOnes() {
    try (Tape tape = session.tape()) {
      ParameterMap leaves = tape.watch(List.of(w, b));
      assertSame(leaves.get(w), w.value());
      Tensor loss = function();
      ParameterMap gradients = tape.gradient(loss, List.of(w, b));
      assertEquals(65, loss.item());
      assertEquals(List.of(w, b), gradients.parameters());
      assertArrayEquals(new double[] {30, -20}, gradients.get(w).toDoubles());
      assertEquals(13, gradients.get(b).item());
      assertFalse(gradients.get(b).isTracked());
      assertSame(leaves.get(w), tape.watch(List.of(w)).get(w), "watched once");
    }
    assertFalse(w.value().isTracked());
    assertArrayEquals(new double[] {3, -2}, w.value().toDoubles());
  }

  @Test
  void onlyTheTapeThatWatchesTracks() {
    try (Tape outer = session.tape()) {
      outer.watch(List.of(w, b));
      try (Scope unused = session.scratch()) {
        assertFalse(function().isTracked());
      }
      try (Tape inner = session.tape()) {
        assertFalse(function().isTracked(), "another tape's leaf is a value here");
        inner.watch(List.of(w));
        assertArrayEquals(
            new double[] {30, -20}, inner.gradient(function(), List.of(w)).get(w).toDoubles());
      }
      assertTrue(function().isTracked());
    }
  }

  @Test
  void whatLossDoesNotDependOnGetsZeros() {
    try (Tape tape = session.tape()) {
      tape.watch(List.of(w, b));
      ParameterMap gradients = tape.gradient(b.value().square(), List.of(w, b));
      assertArrayEquals(new double[2], gradients.get(w).toDoubles());
      assertEquals(10, gradients.get(b).item());
    }
  }

  @Test
  void hessianVectorProduct() {
    try (Tape tape = session.tape()) {
      tape.watch(List.of(w, b));
      ParameterMap gradients =
          tape.gradient(function(), List.of(w, b), GradientMode.DIFFERENTIABLE);
      // v = (1, 10; 100): H·v = (2b·v_w + 2w·v_b, 2w·v_w).
      ParameterMap v =
          ParameterMap.of(
              List.of(w, b),
              p -> p == w ? session.tensor(new double[] {1, 10}, 2) : session.scalar(100));
      ParameterMap product = tape.gradient(gradients.dot(v), List.of(w, b));
      assertArrayEquals(new double[] {610, -300}, product.get(w).toDoubles());
      assertEquals(6 - 40, product.get(b).item());
    }
  }

  /** Two inner steps of SGD on ½(w·a − c)²; outer loss ½(w''·d − e)². */
  @Test
  void gradientsThroughInnerStepsOfSgd() {
    double a = 0.7;
    double c = 2;
    double d = -1.3;
    double e = 0.4;
    double rate = 0.1;
    Parameter x = new Parameter("x", session.scalar(1.5));
    try (Tape tape = session.tape()) {
      ParameterMap start = tape.watch(List.of(x));
      ParameterMap values = start;
      for (int step = 0; step < 2; step++) {
        Tensor inner = values.during(() -> x.value().mul(a).sub(c).square().mul(0.5));
        ParameterMap gradients = tape.gradient(inner, values, GradientMode.DIFFERENTIABLE);
        values = values.zip(gradients, (w, g) -> w.sub(g.mul(rate)));
      }
      Tensor outer = values.during(() -> x.value().mul(d).sub(e).square().mul(0.5));
      double shrink = 1 - rate * a * a;
      double once = 1.5 - rate * a * (1.5 * a - c);
      double twice = once - rate * a * (once * a - c);
      assertEquals(twice, values.get(x).item(), 1e-12);
      assertEquals(
          (twice * d - e) * d * shrink * shrink,
          tape.gradient(outer, List.of(x)).get(x).item(),
          1e-12);
      assertEquals(
          (twice * d - e) * d,
          tape.gradient(outer, values).get(x).item(),
          1e-12,
          "by the values after the steps");
      assertSame(start.get(x), x.value(), "outside of the work it is what it was");
    }
    assertEquals(1.5, x.value().item());
  }

  @Test
  void rowsOfAJacobian() {
    try (Tape tape = session.tape()) {
      tape.watch(List.of(w, b));
      Tensor y = w.value().mul(b.value());
      double[][] rows = {{5, 0}, {0, 5}};
      for (int k = 0; k < 2; k++) {
        ParameterMap row = tape.gradient(y.slice(0, k, k + 1), List.of(w, b));
        assertArrayEquals(rows[k], row.get(w).toDoubles());
        assertEquals(k == 0 ? 3 : -2, row.get(b).item());
      }
    }
  }

  @Test
  void valuesStandInForParameters() {
    try (Scope unused = session.scratch()) {
      ParameterMap one = ParameterMap.of(List.of(b), p -> session.scalar(1));
      ParameterMap two = ParameterMap.of(List.of(b), p -> session.scalar(2));
      ParameterMap nothing = ParameterMap.of(List.of(), p -> session.scalar(2));
      assertEquals(26, one.during(() -> two.during(() -> nothing.during(this::function))).item());
      assertEquals(13, two.during(() -> one.during(this::function)).item());
      assertThrows(
          IllegalStateException.class,
          () ->
              one.during(
                  () -> {
                    throw new IllegalStateException("inside");
                  }));
      assertEquals(65, function().item());
    }
  }

  @Test
  void whatDoesNotFitIsTold() {
    Session other = Session.open(Device.REFERENCE);
    try (other;
        Tape tape = session.tape()) {
      tape.watch(List.of(w));
      Tensor loss = function();
      var unwatched =
          assertThrows(IllegalArgumentException.class, () -> tape.gradient(loss, List.of(w, b)));
      assertTrue(unwatched.getMessage().contains("parameter b[]"), unwatched.getMessage());
      assertTrue(unwatched.getMessage().contains("watch"), unwatched.getMessage());
      var foreign = new Parameter("foreign", other.scalar(1));
      var mixed = assertThrows(IllegalArgumentException.class, () -> tape.watch(List.of(foreign)));
      assertTrue(mixed.getMessage().contains("foreign"), mixed.getMessage());
      var shape =
          assertThrows(
              IllegalArgumentException.class,
              () -> ParameterMap.of(List.of(w), p -> session.zeros(3)));
      assertTrue(shape.getMessage().contains("w[2] has shape [3]"), shape.getMessage());
      ParameterMap ws = tape.gradient(loss, List.of(w));
      var missing = assertThrows(IllegalArgumentException.class, () -> ws.get(b));
      assertTrue(missing.getMessage().contains("b[]"), missing.getMessage());
      var nothing =
          assertThrows(
              IllegalArgumentException.class, () -> ParameterMap.of(List.of(), p -> loss).dot(ws));
      assertTrue(nothing.getMessage().contains("no tensor"), nothing.getMessage());
    }
  }

  @Test
  void aClosedTapeTellsNoValue() {
    Tape tape = session.tape();
    tape.watch(List.of(w));
    tape.close();
    assertThrows(IllegalStateException.class, () -> tape.watch(List.of(b)));
    try (Scope unused = session.scratch()) {
      assertEquals(65, function().item());
    }
  }
}
