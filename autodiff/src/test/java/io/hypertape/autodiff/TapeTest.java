package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TapeTest {

  private final Session session = Session.open(Device.REFERENCE);

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void thirdDerivativeOfAPower() {
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.scalar(2));
      Tensor y = x.pow(5);
      Tensor first = tape.gradient(y, List.of(x), GradientMode.DIFFERENTIABLE).get(0);
      Tensor second = tape.gradient(first, List.of(x), GradientMode.DIFFERENTIABLE).get(0);
      Tensor third = tape.gradient(second, List.of(x)).get(0);
      assertEquals(80, first.item(), 1e-9);
      assertEquals(160, second.item(), 1e-9);
      assertEquals(240, third.item(), 1e-9);
      assertFalse(third.isTracked());
    }
  }

  @Test
  void gradientOfIntermediateValues() {
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.scalar(3));
      Tensor y = x.square();
      Tensor z = y.mul(x);
      List<Tensor> gradients = tape.gradient(z, List.of(x, y));
      assertEquals(27, gradients.get(0).item(), 1e-12);
      assertEquals(3, gradients.get(1).item(), 1e-12);
    }
  }

  @Test
  void targetThatLossDoesNotDependOnGetsZeros() {
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.scalar(3));
      Tensor unrelated = tape.watch(session.tensor(new double[] {1, 2}, 2));
      List<Tensor> gradients = tape.gradient(x.square(), List.of(unrelated, x));
      assertArrayEquals(new double[] {0, 0}, gradients.get(0).toDoubles());
      assertEquals(6, gradients.get(1).item());
    }
  }

  @Test
  void detachedPathsCarryNoGradient() {
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.scalar(3));
      Tensor y = x.mul(x.detach());
      assertEquals(3, tape.gradient(y, List.of(x)).get(0).item());
    }
  }

  @Test
  void nothingIsRecordedWithoutALeaf() {
    try (Tape tape = session.tape()) {
      session.scalar(3).square().exp();
      assertEquals(0, tape.length());
    }
  }

  @Test
  void useAfterCloseIsAClearError() {
    Tensor y;
    try (Tape tape = session.tape()) {
      y = tape.watch(session.full(new int[] {2, 2}, 3)).square();
    }
    Exception read = assertThrows(IllegalStateException.class, y::toDoubles);
    assertTrue(read.getMessage().contains("[2, 2]"), read.getMessage());
    try (Scope scope = session.scratch()) {
      Exception use = assertThrows(IllegalStateException.class, y::exp);
      assertTrue(use.getMessage().startsWith("exp"), use.getMessage());
      assertFalse(scope.isClosed());
    }
  }

  @Test
  void computingOutsideAScopeIsAClearError() {
    Tensor x = session.scalar(1);
    Exception e = assertThrows(IllegalStateException.class, x::exp);
    assertTrue(e.getMessage().contains("no scope is open"), e.getMessage());
  }

  @Test
  void anotherTapesTensorIsAClearError() {
    try (Tape outer = session.tape()) {
      Tensor x = outer.watch(session.scalar(1));
      try (Tape inner = session.tape()) {
        Exception e = assertThrows(IllegalArgumentException.class, x::exp);
        assertTrue(e.getMessage().contains("another tape"), e.getMessage());
        assertEquals(1, inner.watch(x.detach()).item());
      }
      try (Scope evaluation = session.scratch()) {
        assertEquals(Math.E, x.exp().item(), 1e-15);
        assertFalse(evaluation.isClosed());
      }
    }
  }

  @Test
  void anotherThreadIsAClearError() throws InterruptedException {
    String[] message = new String[1];
    Thread thread =
        new Thread(
            () ->
                message[0] =
                    assertThrows(IllegalStateException.class, () -> session.scalar(1))
                        .getMessage());
    thread.start();
    thread.join();
    assertTrue(message[0].contains("belongs to thread"), message[0]);
  }

  @Test
  void lossMustBeScalarAndTargetsTracked() {
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.ones(3));
      Exception vector =
          assertThrows(IllegalArgumentException.class, () -> tape.gradient(x.exp(), List.of(x)));
      assertTrue(vector.getMessage().contains("[3]"), vector.getMessage());
      Exception untracked =
          assertThrows(
              IllegalArgumentException.class,
              () -> tape.gradient(x.sum(), List.of(session.scalar(1))));
      assertTrue(untracked.getMessage().contains("watch()"), untracked.getMessage());
    }
  }

  @Test
  void repeatedTapesTakeNoNewMemory() {
    long after = 0;
    for (int i = 0; i < 1000; i++) {
      try (Tape tape = session.tape()) {
        Tensor x = tape.watch(session.full(new int[] {10, 10}, 0.5));
        tape.gradient(x.matmul(x).tanh().sum(), List.of(x));
      }
      if (i == 1) {
        after = session.allocatedBytes();
      }
    }
    assertEquals(after, session.allocatedBytes());
  }

  @Test
  void twoSessionsDoNotMix() {
    try (Session other = Session.open(Device.REFERENCE);
        Scope scope = session.scratch()) {
      Tensor foreign = other.scalar(1);
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> session.scalar(1).add(foreign));
      assertTrue(e.getMessage().contains("another session"), e.getMessage());
      assertFalse(scope.isClosed());
    }
  }
}
