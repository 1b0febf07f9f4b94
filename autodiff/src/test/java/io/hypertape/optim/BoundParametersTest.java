package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundParametersTest {

  /** p = 0.5, loss p²: gradient 1, at step size 0.1. */
  @Test
  void parameterNamedTwiceIsUpdatedOnce() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter p = new Parameter("p", session.scalar(0.5));
      for (String tower : List.of("sgd(0.1)", "sgd(0.1, mu=0)/sgd(1e-9)")) {
        try (Scope unused = session.scratch()) {
          p.set(session.scalar(0.5));
        }
        try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(p, p))) {
          optimizer.step(() -> p.value().square());
          assertEquals(0.4, p.value().item(), 1e-6);
          optimizer.snapshot();
        }
      }
    }
  }

  @Test
  void parameterOfAnotherSessionIsRefused() {
    try (Session here = Session.open(Device.CPU);
        Session there = Session.open(Device.CPU)) {
      Parameter mine = new Parameter("mine", here.scalar(1));
      Parameter theirs = new Parameter("theirs", there.scalar(1));
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new Sgd(0.1).tower().bind(here, List.of(mine, theirs)))
              .getMessage();
      assertTrue(message.startsWith("parameter theirs[] belongs to another session"), message);
      new Sgd(0.1).tower().bind(here, List.of(mine)).close();
    }
  }

  @Test
  void parameterAtWorkElsewhereIsRefusedUntilThatIsClosed() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter p = new Parameter("p", session.scalar(1));
      Tower tower = new Sgd(0.1).tower();
      try (TowerOptimizer first = tower.bind(session, List.of(p))) {
        assertThrows(IllegalStateException.class, () -> tower.bind(session, List.of(p)));
        first.step(() -> p.value().square());
        assertEquals(0.8, p.value().item(), 1e-6);
      }
      try (TowerOptimizer second = tower.bind(session, List.of(p))) {
        second.step(() -> p.value().square());
        assertEquals(0.64, p.value().item(), 1e-6);
      }
    }
  }

  @Test
  void valueThatWasOnlySetCounts() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter p = new Parameter("p", session.scalar(1));
      p.set(session.scalar(2));
      try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, List.of(p))) {
        optimizer.step(() -> p.value().square());
        assertEquals(1.6, p.value().item(), 1e-6);
      }
    }
  }
}
