package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.tensor.DType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SessionTest {

  @Test
  void namedBackendsAreTheOnesThatRun() {
    try (Session cpu = Session.open(Device.CPU);
        Session reference = Session.open(Device.REFERENCE)) {
      assertEquals("cpu", cpu.backendName());
      assertEquals(DType.F32, cpu.dtype());
      assertEquals("reference", reference.backendName());
      assertEquals(DType.F64, reference.dtype());
    }
  }

  @Test
  void testsRunOnVectorKernels() {
    SessionOptions options = SessionOptions.of(Device.CPU).withSimd(SessionOptions.Simd.VECTOR);
    try (Session session = Session.open(options.withThreads(1))) {
      assertTrue(session.description().contains("bit"), session.description());
    }
    // By the build's flags, every session of every test: one that would fall back is an error.
    assertEquals("vector", System.getProperty("hypertape.simd"));
    try (Session session = Session.open(Device.CPU)) {
      assertTrue(session.description().contains("vector kernels, "), session.description());
    }
  }

  @Test
  void unavailableBackendThrowsWithTheReason() {
    Exception e = assertThrows(BackendUnavailableException.class, () -> Session.open(Device.CUDA));
    assertTrue(e.getMessage().startsWith("cuda backend: "), e.getMessage());
    Exception precision =
        assertThrows(
            BackendUnavailableException.class,
            () -> Session.open(SessionOptions.of(Device.CPU).withPrecision(Precision.FLOAT64)));
    assertTrue(precision.getMessage().contains("float32"), precision.getMessage());
  }

  @Test
  void autoFallsBackAndSaysWhy() {
    try (Session session = Session.open(Device.AUTO)) {
      assertEquals("cpu", session.backendName());
      assertTrue(session.description().contains("cuda not used: "), session.description());
    }
  }

  @Test
  void aBlasThatIsNamedAndDoesNotServeIsAnErrorWithTheReason() {
    SessionOptions options =
        SessionOptions.of(Device.CPU).withBlas(BlasChoice.of(Path.of("/no/libx.so")));
    Exception named = assertThrows(BackendUnavailableException.class, () -> Session.open(options));
    assertTrue(
        named.getMessage().startsWith("cpu backend: the BLAS that was asked for cannot be used: "),
        named.getMessage());
    assertTrue(named.getMessage().contains("/no/libx.so is not there"), named.getMessage());
    Exception auto =
        assertThrows(
            BackendUnavailableException.class,
            () -> Session.open(options.withBackend(SessionOptions.AUTO)));
    assertTrue(auto.getMessage().contains("cpu not used: the BLAS"), auto.getMessage());
  }

  @Test
  void threadsAreChecked() {
    assertThrows(
        IllegalArgumentException.class, () -> SessionOptions.of(Device.CPU).withThreads(-1));
  }

  @Test
  void closingClosesSuspendedScopes() {
    Session session = Session.open(Device.CPU);
    Tape tape = session.tape();
    tape.suspend();
    session.close();
    assertTrue(tape.isClosed());
    assertThrows(IllegalStateException.class, () -> session.scalar(1));
  }
}
