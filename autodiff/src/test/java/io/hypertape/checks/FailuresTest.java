package io.hypertape.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private final List<String> done = new ArrayList<>();

  private Runnable named(String name) {
    return () -> done.add(name);
  }

  private Runnable failing(Throwable failure) {
    return () -> {
      done.add("failing");
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    };
  }

  @Test
  void allIsDoneAndTheFirstFailureCarriesTheOthers() {
    OutOfMemoryError first = new OutOfMemoryError("first");
    IllegalStateException second = new IllegalStateException("second");
    List<Runnable> parts =
        List.of(named("a"), failing(first), named("b"), failing(second), failing(first));
    assertSame(first, assertThrows(Throwable.class, () -> Failures.joined(parts)));
    assertEquals(List.of(second), List.of(first.getSuppressed()));
    assertEquals(List.of("a", "failing", "b", "failing", "failing"), done);
    Failures.joined(List.of(named("c")));
  }

  @Test
  void ofVeryManyFailuresAFewAreKept() {
    List<Runnable> parts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      parts.add(failing(new IllegalStateException("number " + i)));
    }
    Throwable e = assertThrows(IllegalStateException.class, () -> Failures.joined(parts));
    assertEquals("number 0", e.getMessage());
    assertEquals(8, e.getSuppressed().length);
    assertEquals(Collections.nCopies(1000, "failing"), done);
  }

  @Test
  void whatMustBeDoneIsTriedThreeTimes() {
    int[] left = {2};
    Failures.insistently(
        () -> {
          if (left[0]-- > 0) {
            throw new IllegalStateException("not yet");
          }
          done.add("done");
        });
    assertEquals(List.of("done"), done);
    done.clear();
    IllegalStateException never = new IllegalStateException("never");
    assertSame(
        never,
        assertThrows(IllegalStateException.class, () -> Failures.insistently(failing(never))));
    assertEquals(3, done.size());
  }
}
