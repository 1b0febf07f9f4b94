package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tower's snapshot has, and which ones a tower refuses. */
class TowerSnapshotTest {

  private static final String TOWER = "adam(0.1)/sgd(1e-3)";

  private Session session;
  private Scope scope;

  @BeforeEach
  void open() {
    session = Session.open(Device.REFERENCE);
    scope = session.scratch();
  }

  @AfterEach
  void close() {
    scope.close();
    session.close();
  }

  private Parameter parameter(String name, int size) {
    return new Parameter(name, session.ones(size));
  }

  /** The state after some steps, in tensors that outlive the optimizer. */
  private TowerSnapshot after(String tower, int steps, Parameter... parameters) {
    try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(parameters))) {
      for (int i = 0; i < steps; i++) {
        optimizer.step(() -> parameters[0].value().square().sum());
      }
      TowerSnapshot live = optimizer.snapshot();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      live.tensors().forEach((name, tensor) -> tensors.put(name, tensor.copy()));
      return new TowerSnapshot(live.tower(), live.steps(), tensors);
    }
  }

  private void assertRefused(String tower, TowerSnapshot snapshot, String... parts) {
    Parameter w = parameter("w", 2);
    try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> optimizer.restore(snapshot))
              .getMessage();
      for (String part : parts) {
        assertTrue(message.contains(part), message);
      }
      // Nothing has changed: the first step is that of a new tower.
      optimizer.step(() -> w.value().square().sum());
      assertEquals(1, optimizer.steps());
      assertEquals(0.9, w.value().toDoubles()[0], 1e-6);
    }
  }

  private TowerSnapshot changed(Consumer<Map<String, Tensor>> change) {
    TowerSnapshot good = after(TOWER, 3, parameter("w", 2));
    Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
    change.accept(tensors);
    return new TowerSnapshot(good.tower(), good.steps(), tensors);
  }

  @Test
  void itIsWhatTheLastUpdateWasComputedFrom() {
    Parameter w = parameter("w", 2);
    TowerSnapshot one = after("sgd(0.25)", 1, w);
    assertEquals(
        List.of("L1/updates", "L1/w/value", "L1/w/gradient"), List.copyOf(one.tensors().keySet()));
    assertArrayEquals(new double[] {1, 1}, one.tensors().get("L1/w/value").toDoubles());
    assertArrayEquals(new double[] {2, 2}, one.tensors().get("L1/w/gradient").toDoubles());
    assertArrayEquals(new double[] {0.5, 0.5}, w.value().toDoubles());
  }

  @Test
  void beforeTheFirstStepThereAreNoGradients() {
    assertEquals(
        List.of(
            "L1/updates",
            "L1/w/value",
            "L1/w/state.m",
            "L1/w/state.v",
            "L2/updates",
            "L2/alpha/value",
            "L2/beta1/value",
            "L2/beta2/value"),
        List.copyOf(after(TOWER, 0, parameter("w", 2)).tensors().keySet()));
  }

  @Test
  void anotherTowersIsRefused() {
    assertRefused(
        TOWER,
        after("sgd(0.1)", 1, parameter("w", 2)),
        "of the tower sgd(0.1), not of adam(0.1)/sgd(0.001)");
  }

  @Test
  void otherParametersAreRefused() {
    assertRefused(TOWER, after(TOWER, 1, parameter("v", 2)), "L1/w/value is missing");
    assertRefused(
        TOWER, after(TOWER, 1, parameter("w", 3)), "L1/w/value has shape [3]; [2] is needed");
    assertRefused(
        TOWER, after(TOWER, 1, parameter("w", 2), parameter("v", 1)), "have no L1/v/gradient");
  }

  @Test
  void whatIsIncompleteIsRefused() {
    assertRefused(TOWER, changed(all -> all.remove("L1/w/state.v")), "L1/w/state.v is missing");
    assertRefused(
        TOWER, changed(all -> all.remove("L2/beta2/gradient")), "L2/beta2/gradient is missing");
    assertRefused(
        TOWER,
        changed(all -> all.put("L1/w/gradient", session.indices(1, 2))),
        "L1/w/gradient has integers");
  }

  @Test
  void whatWasFrozenIsNamed() {
    Parameter w = parameter("w", 2);
    Parameter v = parameter("v", 2);
    Map<String, Tensor> kept = new HashMap<>();
    try (TowerOptimizer optimizer = Tower.parse(TOWER).bind(session, List.of(w, v))) {
      optimizer.freeze(List.of(w));
      optimizer.step(() -> w.value().mul(v.value()).sum());
      optimizer
          .snapshot()
          .tensors()
          .forEach((name, t) -> kept.put(name, session.tensor(t.toDoubles(), t.shape())));
    }
    TowerSnapshot snapshot = new TowerSnapshot(Tower.parse(TOWER).toString(), 1, kept);
    try (TowerOptimizer optimizer = Tower.parse(TOWER).bind(session, List.of(w, v))) {
      refused("L1/w/gradient is missing; if w was frozen there, freeze it", optimizer, snapshot);
      optimizer.freeze(List.of(v, w));
      refused("L1/v/gradient is there, so v was not frozen", optimizer, snapshot);
      optimizer.unfreeze(List.of(v));
      optimizer.restore(snapshot);
      assertEquals(1, optimizer.steps());
    }
  }

  private static void refused(String message, TowerOptimizer optimizer, TowerSnapshot snapshot) {
    String told =
        assertThrows(IllegalArgumentException.class, () -> optimizer.restore(snapshot))
            .getMessage();
    assertTrue(told.contains(message), told);
  }

  @Test
  void onlyAFreshTowerIsSet() {
    TowerSnapshot snapshot = after(TOWER, 2, parameter("w", 2));
    Parameter w = parameter("w", 2);
    try (TowerOptimizer optimizer = Tower.parse(TOWER).bind(session, List.of(w))) {
      optimizer.step(() -> w.value().sum());
      assertTrue(
          assertThrows(IllegalStateException.class, () -> optimizer.restore(snapshot))
              .getMessage()
              .contains("has taken 1 steps; bind the tower anew"));
    }
  }

  @Test
  void namesMustDiffer() {
    Parameter one = parameter("w", 2);
    Parameter two = parameter("w", 2);
    try (TowerOptimizer optimizer = Tower.parse(TOWER).bind(session, List.of(one, two))) {
      assertTrue(
          assertThrows(IllegalArgumentException.class, optimizer::snapshot)
              .getMessage()
              .contains("two parameters have the name of L1/w/value"));
    }
  }
}
