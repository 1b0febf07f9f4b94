package io.hypertape.autodiff;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What logs and debuggers show of a tensor. */
class TensorTextTest {

  private static Tensor numbers(Session session, int... shape) {
    int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return session.tensor(IntStream.range(0, n).asDoubleStream().toArray(), shape);
  }

  @Test
  void smallTensorsShowAllValues() {
    try (Session session = Session.open(Device.CPU);
        Tape tape = session.tape()) {
      assertEquals("F32[2, 3] [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]", numbers(session, 2, 3) + "");
      assertEquals("F32[] 0.1", session.scalar(0.1).toString());
      assertEquals("F32[0, 3] []", session.zeros(0, 3).toString());
      assertEquals("F32[2, 0] [[], []]", session.zeros(2, 0).toString());
      assertEquals("I32[3] [7, -1, 0]", session.indices(7, -1, 0).toString());
      assertEquals("F32[2] tracked [1.0, 1.0]", tape.watch(session.ones(2)).toString());
      assertEquals(
          "F32[2] [NaN, -Infinity]", session.tensor(new float[] {0, -1}, 2).div(0).toString());
    }
    try (Session session = Session.open(Device.REFERENCE)) {
      assertEquals("F64[1] [0.1]", session.tensor(new double[] {0.1}, 1).toString());
    }
  }

  @Test
  void viewsShowTheirOwnElements() {
    try (Session session = Session.open(Device.CPU);
        Scope unused = session.scratch()) {
      Tensor x = numbers(session, 2, 3);
      assertEquals("F32[3, 2] [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]", x.transpose().toString());
      assertEquals("F32[2, 2] [[1.0, 2.0], [4.0, 5.0]]", x.slice(1, 1, 3).toString());
      assertEquals(
          "F32[2, 2] [[0.0, 0.0], [0.0, 0.0]]", session.scalar(0).broadcastTo(2, 2).toString());
    }
  }

  @Test
  void ofLargeTensorsTheEndsAreShown() {
    try (Session session = Session.open(Device.CPU);
        Scope unused = session.scratch()) {
      assertEquals(
          "F32[1000000] [0.0, 1.0, 2.0, …, 999997.0, 999998.0, 999999.0]",
          numbers(session, 1_000_000).toString());
      assertEquals(
          "F32[100, 2] [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], …, [194.0, 195.0], [196.0, 197.0],"
              + " [198.0, 199.0]]",
          numbers(session, 100, 2).toString());
      String images = numbers(session, 64, 3, 32, 32).toString();
      assertTrue(
          images.startsWith("F32[64, 3, 32, 32] [[[[0.0, 1.0, 2.0, …, 29.0, 30.0, 31.0], ["));
      assertTrue(images.endsWith(", 196605.0, 196606.0, 196607.0]]]]"), images);
      assertTrue(images.length() < 2000, images);
      String deep = numbers(session, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2).toString();
      assertTrue(deep.length() < 3000, deep);
      assertTrue(deep.contains("…"), deep);
    }
  }

  @Test
  void whereValuesCannotBeReadThereAreNone() throws Exception {
    Tensor kept;
    try (Session session = Session.open(Device.CPU)) {
      Tensor closed;
      try (Scope unused = session.scratch()) {
        closed = session.ones(2).add(1);
      }
      assertEquals("F32[2] closed", closed.toString());
      kept = session.ones(2);
      AtomicReference<String> elsewhere = new AtomicReference<>();
      Thread thread = new Thread(() -> elsewhere.set(kept.toString()));
      thread.start();
      thread.join();
      assertEquals("F32[2]", elsewhere.get());
    }
    assertTrue(kept.toString().startsWith("F32[2]"), kept.toString());
  }

  @Test
  void whileWorkIsRecordedNothingIsRead() {
    try (Session session = Session.open(Device.CPU);
        Scope unused = session.scratch()) {
      Workspace storage = INTERNALS.workspace(session);
      Tensor x = session.ones(2);
      warm(session, storage, x);
      String[] text = new String[1];
      try (Tape tape = INTERNALS.tape(session, storage)) {
        try (Recording recording = INTERNALS.record(session, () -> text[0] = x.mul(x).toString())) {
          assertEquals("F32[2]", text[0]);
          recording.replay();
        }
      }
    }
  }

  private static void warm(Session session, Workspace storage, Tensor x) {
    try (Tape tape = INTERNALS.tape(session, storage)) {
      x.mul(x);
    }
  }

  @Test
  void noStorageIsTaken() {
    try (Session session = Session.open(Device.CPU);
        Scope unused = session.scratch()) {
      Tensor x = numbers(session, 300, 300).transpose();
      long before = session.allocatedBytes();
      assertTrue(x.toString().contains("…"));
      assertEquals(before, session.allocatedBytes());
    }
  }

  /** Tells of a failure once, when somebody waits, as a device does. */
  private static Backend late(RuntimeException failure) {
    Backend machine = new ReferenceBackend(DType.F64);
    AtomicReference<RuntimeException> pending = new AtomicReference<>(failure);
    return (Backend)
        Proxy.newProxyInstance(
            TensorTextTest.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              boolean waits =
                  method.getName().equals("read") || method.getName().equals("synchronize");
              RuntimeException raised = waits ? pending.getAndSet(null) : null;
              if (raised != null) {
                throw raised;
              }
              return method.invoke(machine, arguments);
            });
  }

  @Test
  void aFailureThatItComesUponIsNotLost() {
    for (boolean synchronize : new boolean[] {true, false}) {
      try (Session session = Session.over(late(new IndexOutOfBoundsException("index[0] is 7")));
          Scope unused = session.scratch()) {
        Tensor x = session.ones(2);
        assertEquals("F64[2] unreadable: index[0] is 7", x.toString());
        Exception e =
            assertThrows(
                IndexOutOfBoundsException.class, synchronize ? session::synchronize : x::toDoubles);
        assertEquals("index[0] is 7", e.getMessage());
        assertEquals(2, x.sum().item());
      }
    }
  }
}
