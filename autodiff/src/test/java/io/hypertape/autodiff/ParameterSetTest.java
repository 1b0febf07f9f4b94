package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.Sgd;
import io.hypertape.optim.TowerOptimizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterSetTest {

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void whatIsSetOutlivesTheScopeItWasComputedIn(Device device) {
    try (Session session = Session.open(device)) {
      Parameter w = new Parameter("w", session.tensor(new float[] {1, 2}, 2));
      for (int step = 0; step < 2; step++) {
        try (Tape tape = session.tape()) {
          tape.watch(List.of(w));
          Tensor loss = w.value().square().sum();
          tape.gradient(loss, List.of(w)).forEach((p, g) -> p.set(p.value().sub(g.mul(0.25))));
          assertEquals(5 * Math.pow(0.25, step), loss.item(), 1e-6, "what was computed stays");
        }
        assertFalse(w.value().isTracked());
        float half = (float) Math.pow(0.5, step + 1);
        assertArrayEquals(new float[] {half, 2 * half}, w.value().toFloats());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void itMayBeAViewOfTheValueItself(Device device) {
    try (Session session = Session.open(device)) {
      Parameter w = new Parameter("w", session.tensor(new float[] {1, 2, 3, 4}, 2, 2));
      session.scoped(() -> w.set(w.value().transpose()));
      assertArrayEquals(new float[] {1, 3, 2, 4}, w.value().toFloats());
      w.set(w.value());
      assertArrayEquals(new float[] {1, 3, 2, 4}, w.value().toFloats());
      session.scoped(() -> w.set(session.scalar(5).broadcastTo(2, 2)));
      assertArrayEquals(new float[] {5, 5, 5, 5}, w.value().toFloats());
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingHasChanged() {
    try (Session session = Session.open(Device.CPU);
        Session other = Session.open(Device.CPU)) {
      Parameter w = new Parameter("w", session.ones(2));
      refused("w has shape [2], not [3]", () -> w.set(session.ones(3)));
      refused("another session", () -> w.set(other.ones(2)));
      refused("I32", () -> w.set(session.indices(1, 2)));
      Tensor gone = session.scoped(() -> session.ones(2));
      assertThrows(IllegalStateException.class, () -> w.set(gone));
      assertArrayEquals(new float[] {1, 1}, w.value().toFloats());
    }
  }

  @Test
  void anOptimizersParameterIsNotOverwritten() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter w = new Parameter("w", session.ones(2));
      try (TowerOptimizer optimizer = new Sgd(0.25).tower().bind(session, List.of(w))) {
        optimizer.step(() -> w.value().square().sum());
        String message =
            assertThrows(IllegalStateException.class, () -> w.set(session.ones(2))).getMessage();
        assertTrue(message.contains("is at work in an optimizer"), message);
      }
      assertArrayEquals(new float[] {0.5f, 0.5f}, w.value().toFloats());
    }
  }

  private static void refused(String reason, Runnable use) {
    String message = assertThrows(IllegalArgumentException.class, use::run).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
