package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("file");
  }

  static byte[] images(int count, int height, int width) {
    ByteBuffer out = ByteBuffer.allocate(16 + count * height * width);
    out.putInt(0x803).putInt(count).putInt(height).putInt(width);
    for (int i = 0; out.hasRemaining(); i++) {
      out.put((byte) (7 * i));
    }
    return out.array();
  }

  static byte[] labels(int... classes) {
    ByteBuffer out = ByteBuffer.allocate(8 + classes.length).putInt(0x801).putInt(classes.length);
    for (int c : classes) {
      out.put((byte) c);
    }
    return out.array();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private void refused(byte[] bytes, String... parts) throws IOException {
    Files.write(file, bytes);
    String message =
        assertThrows(InvalidDataException.class, () -> Idx.readImages(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void imagesPlainAndCompressed() throws IOException {
    byte[] bytes = images(3, 2, 5);
    for (byte[] stored : new byte[][] {bytes, gzip(bytes)}) {
      Files.write(file, stored);
      Idx.Images read = Idx.readImages(file);
      assertEquals(3, read.count());
      assertEquals(2, read.height());
      assertEquals(5, read.width());
      assertArrayEquals(Arrays.copyOfRange(bytes, 16, bytes.length), read.pixels());
    }
    Files.write(file, images(0, 28, 28));
    assertEquals(0, Idx.readImages(file).pixels().length);
  }

  @Test
  void labelsAreCheckedAgainstTheClasses() throws IOException {
    Files.write(file, labels(0, 9, 3));
    assertArrayEquals(new byte[] {0, 9, 3}, Idx.readLabels(file, 10));
    var e = assertThrows(InvalidDataException.class, () -> Idx.readLabels(file, 9));
    assertTrue(e.getMessage().endsWith("label 1 is 9, outside 0..8"), e.getMessage());
    Files.write(file, labels(0, 200));
    assertThrows(InvalidDataException.class, () -> Idx.readLabels(file, 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 15, 16, 17, 45})
  void cutOffAnywhere(int length) throws IOException {
    byte[] whole = images(3, 2, 5);
    byte[] cut = Arrays.copyOf(whole, length);
    refused(cut, "cut off");
    // A gzip stream that ends early, and one of a cut-off file.
    refused(gzip(cut), "cut off");
    byte[] zipped = gzip(whole);
    refused(Arrays.copyOf(zipped, Math.max(2, zipped.length - 1 - length % 10)), "damaged gzip");
  }

  @Test
  void wrongKinds() throws IOException {
    refused(labels(1, 2, 3), "begins with 0x00000801", "0x00000803");
    refused("<html>not found</html>".getBytes(), "begins with 0x3c68746d");
    refused(ByteBuffer.allocate(20).putInt(0x803).array(), "images of 0×0 pixels");
    byte[] longer = Arrays.copyOf(images(1, 2, 2), 21);
    refused(longer, "more bytes than the 4 that the header claims");
    Files.createDirectory(folder.resolve("d"));
    assertThrows(InvalidDataException.class, () -> Idx.readImages(folder.resolve("d")));
    assertThrows(NoSuchFileException.class, () -> Idx.readImages(folder.resolve("none")));
  }

  @Test
  void hostileHeadersAllocateNothing() throws IOException {
    int[][] sizes = {
      {Integer.MAX_VALUE, 28, 28},
      {2_000_000, 28, 28},
      {-1, 28, 28},
      {1, -5, 28},
      {1, Integer.MAX_VALUE, Integer.MAX_VALUE},
      {Integer.MAX_VALUE, 1, 1}
    };
    for (int[] s : sizes) {
      ByteBuffer out = ByteBuffer.allocate(20).putInt(0x803);
      out.putInt(s[0]).putInt(s[1]).putInt(s[2]).putInt(0);
      long before = allocated();
      refused(out.array());
      assertTrue(allocated() - before < 8 << 20, "allocated " + (allocated() - before));
    }
  }

  private static long allocated() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  /** Damaged files end in an InvalidDataException or are read; nothing else happens. */
  @Test
  void randomDamage() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = images(random.nextInt(4), 1 + random.nextInt(3), 1 + random.nextInt(3));
      if (random.nextBoolean()) {
        bytes = gzip(bytes);
      }
      for (int k = random.nextInt(4); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 5));
      }
      Files.write(file, bytes);
      try {
        Idx.Images read = Idx.readImages(file);
        assertEquals(read.count() * read.height() * read.width(), read.pixels().length);
      } catch (InvalidDataException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      }
    }
  }
}
