package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class KernelArgumentsTest {

  private static MemorySegment value(KernelArguments arguments, int index, long bytes) {
    long pointer = arguments.pointers().getAtIndex(ValueLayout.JAVA_LONG, index);
    return MemorySegment.ofAddress(pointer).reinterpret(bytes);
  }

  @Test
  void valuesLieWhereTheirPointersSay() {
    try (KernelArguments arguments = KernelArguments.create()) {
      arguments.int32(9);
      arguments.clear().pointer(0x1122334455667788L).int32(-3).float32(1.5f).int64(-4);
      arguments.bytes(MemorySegment.ofArray(new byte[] {1, 2, 3}));
      arguments.int32(7);
      assertEquals(0x1122334455667788L, value(arguments, 0, 8).get(ValueLayout.JAVA_LONG, 0));
      assertEquals(-3, value(arguments, 1, 4).get(ValueLayout.JAVA_INT, 0));
      assertEquals(1.5f, value(arguments, 2, 4).get(ValueLayout.JAVA_FLOAT, 0));
      assertEquals(-4, value(arguments, 3, 8).get(ValueLayout.JAVA_LONG, 0));
      assertEquals(3, value(arguments, 4, 3).get(ValueLayout.JAVA_BYTE, 2));
      assertEquals(7, value(arguments, 5, 4).get(ValueLayout.JAVA_INT, 0));
      assertEquals("6 values", arguments.toString());
    }
  }

  @Test
  void tooManyValuesAreRefused() {
    try (KernelArguments arguments = KernelArguments.create()) {
      for (int i = 0; i < 128; i++) {
        arguments.int64(i);
      }
      assertThrows(IllegalStateException.class, () -> arguments.int32(1));
      MemorySegment struct = MemorySegment.ofArray(new byte[4096]);
      arguments.clear().bytes(struct);
      assertThrows(
          IllegalArgumentException.class,
          () -> arguments.bytes(MemorySegment.ofArray(new byte[4097])));
    }
  }

  @Test
  void closedTheyAreRefused() {
    KernelArguments arguments = KernelArguments.create();
    arguments.close();
    arguments.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> arguments.int32(1));
    assertTrue(e.getMessage().startsWith("KernelArguments is used after"), e.getMessage());
    assertThrows(IllegalStateException.class, arguments::clear);
    assertThrows(IllegalStateException.class, arguments::pointers);
  }

  @Test
  void whatIsForgottenIsNotFoundBehindFewerValues() {
    try (KernelArguments arguments = KernelArguments.create()) {
      arguments.int32(1).int32(2).clear().int32(3);
      assertEquals(1, arguments.count());
      assertEquals(0, arguments.pointers().getAtIndex(ValueLayout.JAVA_LONG, 1));
    }
  }
}
