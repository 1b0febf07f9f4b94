package io.hypertape.autodiff.cuda;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.DeviceMemoryException;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaOutOfMemoryException;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A device with too little memory: what is told, and that a session goes on afterwards. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class OutOfMemoryTest {

  private static final long PLENTY = 1L << 30;
  private static final int STEPS = 6;
  private static final int MIB = 1 << 18;

  @BeforeAll
  static void start() {
    CudaDouble.load();
    CudaDouble.requireDouble();
  }

  private static Session open() {
    return Session.over(CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN));
  }

  private static TrainingStep prepare(TowerOptimizer optimizer, Parameter w) {
    return optimizer.prepare(
        in -> in.get(0).matmulTransposed(w.value()).logSoftmax().pick(in.get(1)).mean().neg());
  }

  private static double step(TrainingStep step) {
    return step.run(Input.floats(new float[20], 4, 5), Input.indices(0, 1, 2, 0)).item();
  }

  /** Losses of a run in a session that has been through something, or nothing. */
  private static List<Double> train(Session session) {
    List<Double> losses = new ArrayList<>();
    Parameter w = new Parameter("w", session.normal(new int[] {3, 5}, 1, 1));
    try (TowerOptimizer optimizer = Tower.parse("adam(0.01)/sgd(1e-4)").bind(session, List.of(w))) {
      TrainingStep step = prepare(optimizer, w);
      for (int i = 0; i < STEPS; i++) {
        losses.add(step(step));
      }
    }
    return losses;
  }

  /** With ever more memory, until it is enough: each allocation of a run fails once. */
  @Test
  void aSessionGoesOnAfterwards() {
    List<Double> expected;
    try (Session session = open()) {
      expected = train(session);
    }
    int failures = 0;
    boolean enough = false;
    for (long free = 0; !enough; free += 52) {
      try (Session session = open()) {
        CudaDouble.setFreeMemory(free);
        try {
          assertEquals(expected, train(session));
          enough = true;
        } catch (DeviceMemoryException | CudaOutOfMemoryException e) {
          failures++;
          assertTrue(e.getMessage().contains(" bytes asked for, "), e.getMessage());
        }
        CudaDouble.setFreeMemory(PLENTY);
        try (Scope scope = session.scratch()) {
          assertEquals(24, INTERNALS.show(scope, session.full(new int[] {3, 4}, 2)).sum().item());
        }
        assertEquals(expected, train(session), "after " + free + " bytes");
      }
      assertEquals(List.of(), CudaDouble.violations(), "with " + free + " bytes");
    }
    assertTrue(failures > 15, failures + " failures");
  }

  @Test
  void anUpdateThatEndedInItsMidstIsNotGoneOnWith() {
    int halved = 0;
    for (int nth = 1; nth < 60; nth++) {
      try (Session session = open()) {
        Parameter w = new Parameter("w", session.normal(new int[] {3, 5}, 1, 1));
        try (TowerOptimizer optimizer =
            Tower.parse("adam(0.01)/sgd(1e-4)").bind(session, List.of(w))) {
          TrainingStep step = prepare(optimizer, w);
          // Twice: the first time, what is kept for later is given up.
          CudaDouble.fail(nth, 2, 2, "cudaMallocFromPoolAsync");
          RuntimeException first = null;
          for (int i = 0; i < STEPS && first == null; i++) {
            try {
              step(step);
            } catch (DeviceMemoryException e) {
              first = e;
            }
          }
          CudaDouble.fail(0, 0);
          if (first == null) {
            continue;
          }
          try {
            assertTrue(Double.isFinite(step(step)));
          } catch (IllegalStateException e) {
            halved++;
            assertTrue(e.getMessage().contains("failed in its midst"), e.getMessage());
            assertTrue(e.getMessage().contains("go on from a checkpoint"), e.getMessage());
            assertEquals(first, e.getCause());
          }
        }
      }
    }
    assertTrue(halved > 0, "no update was ended");
  }

  @Test
  void whatIsKeptForLaterIsGivenUpFirst() {
    try (Session session = open()) {
      Parameter w = new Parameter("w", session.normal(new int[] {3, 5}, 1, 1));
      try (TowerOptimizer optimizer = Tower.parse("sgd(0.1)/sgd(0.01)").bind(session, List.of(w))) {
        TrainingStep step = prepare(optimizer, w);
        for (int i = 0; i < STEPS; i++) {
          step(step);
        }
        assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
        long before = session.allocatedBytes();
        CudaDouble.setFreeMemory(5L << 20);
        try (Scope scope = session.scratch()) {
          INTERNALS.show(scope, session.ones(4, MIB));
        }
        try (Scope scope = session.scratch()) {
          // Of another size, so that the 4 MiB cannot be used as they are.
          session.ones(5, MIB);
          DeviceMemoryException e =
              assertThrows(DeviceMemoryException.class, () -> session.ones(6, MIB));
          assertEquals(6L << 20, e.bytesAsked());
          assertTrue(e.getMessage().contains("out of memory; 6291456 bytes asked"), e.getMessage());
        }
        assertTrue(session.allocatedBytes() <= before + (5L << 20), "what failed is not counted");
        // Its storage was not among what was given up.
        assertTrue(Double.isFinite(step(step)));
      }
    }
  }

  /** The room that a layer works in is asked for in its midst, not by the session's pool. */
  @Test
  void whatIsKeptForLaterMakesRoomForAWorkspaceToo() {
    try (Session session = open()) {
      Tensor row = session.ones(1, 1024);
      try (Scope scope = session.scratch()) {
        INTERNALS.show(scope, session.ones(8, MIB));
      }
      CudaDouble.setFreeMemory(1L << 20);
      long kept = session.allocatedBytes();
      assertTrue(kept >= 8L << 20, kept + " bytes");
      try (Scope scope = session.scratch()) {
        // A factor without dense rows or columns is copied to scratch memory: 4 MiB.
        Tensor a = row.slice(1, 0, 1).broadcastTo(1024, 1024);
        Tensor product = INTERNALS.show(scope, a.matmulTransposed(row));
        assertEquals(1024 * 1024, product.sum().item());
      }
      assertTrue(session.allocatedBytes() < kept, session.allocatedBytes() + " bytes");
    }
  }

  /** Whoever else uses the device finds the default pool as it was, and gets the memory back. */
  @Test
  void whatASessionKeptIsTheDevicesAgainWhenItIsClosed() {
    try (CudaDevice device = CudaDevice.open(0)) {
      long before = device.freeMemory();
      try (Session session = open()) {
        try (Scope scope = session.scratch()) {
          INTERNALS.show(scope, session.ones(8, MIB)).sum().item();
        }
        assertTrue(device.freeMemory() < before - (8L << 20));
      }
      assertEquals(before, device.freeMemory());
    }
  }
}
