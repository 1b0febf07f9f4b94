package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Set;

/**
 * Any sequence of operations on any shapes: the cpu backend does and refuses what the reference
 * does and refuses, by exceptions that are documented, and what was taken is given back.
 */
class OpsFuzzTest {

  private static final Set<Class<?>> REFUSALS =
      Set.of(IllegalArgumentException.class, IndexOutOfBoundsException.class);

  @FuzzTest
  void operations(byte[] input) {
    List<String> expected =
        run(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT32), input);
    List<String> found = run(SessionOptions.of(Device.CPU).withThreads(1), input);
    assertEquals(String.join("\n", expected), String.join("\n", found));
  }

  private static List<String> run(SessionOptions options, byte[] input) {
    Session session = Session.open(options);
    RandomOperations program = new RandomOperations(session, input, REFUSALS);
    try (session) {
      program.run();
      session.trim();
      assertTrue(
          session.allocatedBytes() <= program.constants(),
          () -> session.allocatedBytes() + " bytes are held by nobody");
    }
    assertTrue(session.isClosed());
    assertThrows(IllegalStateException.class, session::scratch);
    return program.log();
  }
}
