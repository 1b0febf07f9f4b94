package io.hypertape.data.table.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Blocks of Snappy by its description, and such as cannot be. */
class SnappyBlockTest {

  private static String unpack(int size, int... bytes) throws IOException {
    ByteBuffer packed = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      packed.put((byte) b);
    }
    return new String(SnappyBlock.unpack(packed.flip(), size), StandardCharsets.US_ASCII);
  }

  @Test
  void literalsAndCopies() throws IOException {
    assertEquals("", unpack(0, 0));
    assertEquals("ab", unpack(2, 2, 1 << 2, 'a', 'b'));
    // Lengths of literals in bytes of their own.
    assertEquals("ab", unpack(2, 2, 60 << 2, 1, 'a', 'b'));
    assertEquals("ab", unpack(2, 2, 63 << 2, 1, 0, 0, 0, 'a', 'b'));
    // Copies with offsets of 11, 16 and 32 bits, which overlap what they write.
    assertEquals("ababa", unpack(5, 5, 1 << 2, 'a', 'b', 2 << 2 | 2, 2, 0));
    assertEquals("abababab", unpack(8, 8, 1 << 2, 'a', 'b', 2 << 2 | 1, 2));
    assertEquals("aaaaaaa", unpack(7, 7, 0, 'a', 5 << 2 | 3, 1, 0, 0, 0));
  }

  private static void refused(int size, int... bytes) {
    assertThrows(DamagedParquetException.class, () -> unpack(size, bytes));
  }

  @Test
  void whatCannotBe() {
    refused(3, 2, 1 << 2, 'a', 'b');
    refused(2, 2, 0, 'a');
    refused(1, 1, 1 << 2, 'a', 'b');
    refused(2, 2, 2 << 2, 'a', 'b');
    refused(4, 4, 63 << 2, 255, 255, 255, 255, 'a');
    refused(5, 5, 0, 'a', 1 << 2 | 2, 2, 0);
    refused(5, 5, 0, 'a', 1 << 2 | 2, 0, 0);
    refused(5, 5, 0, 'a', 1 << 2 | 3, 255, 255, 255, 255);
    refused(3, 3, 0, 'a', 2 << 2 | 2, 1, 0);
    refused(1 << 30, 128, 128, 128, 128, 4, 0, 'a');
    refused(2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
  }
}
