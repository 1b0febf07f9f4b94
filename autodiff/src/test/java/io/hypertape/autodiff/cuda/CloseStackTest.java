package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseStackTest {

  private final List<String> closed = new ArrayList<>();

  private AutoCloseable named(String name) {
    return () -> closed.add(name);
  }

  private AutoCloseable failing(String name, int times) {
    int[] left = {times};
    return () -> {
      if (left[0]-- > 0) {
        throw new IllegalStateException(name + " " + left[0]);
      }
      closed.add(name);
    };
  }

  @Test
  void allAreClosedWhateverSomeThrow() {
    CloseStack stack = new CloseStack();
    stack.add(named("first"));
    stack.add(failing("second", 1));
    stack.add(named("third"));
    stack.add(failing("fourth", 9));
    Exception e = assertThrows(IllegalStateException.class, stack::close);
    assertEquals("fourth 8", e.getMessage());
    assertEquals(List.of("fourth 7", "fourth 6", "second 0"), messages(e.getSuppressed()));
    assertEquals(List.of("third", "second", "first"), closed);
    stack.close();
    assertEquals(3, closed.size());
  }

  private static List<String> messages(Throwable... failures) {
    return Arrays.stream(failures).map(Throwable::getMessage).toList();
  }

  @Test
  void failuresOfClosingAreAttachedToWhatCameBefore() {
    CloseStack stack = new CloseStack();
    stack.add(failing("second", 1));
    Exception cause = new IllegalArgumentException("first");
    stack.closeAfter(cause);
    assertEquals(List.of("second 0"), messages(cause.getSuppressed()));
    assertEquals(List.of("second"), closed);
  }
}
