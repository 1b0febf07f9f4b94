package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged Parquet files are read, or refused by their names with what would fit; soon. */
class ParquetDamageTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static byte[] whole(String name) throws IOException {
    return Files.readAllBytes(
        Path.of("src/test/resources/io/hypertape/data/table", name + ".parquet"));
  }

  private static int footer(byte[] whole) {
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    return whole.length - 8 - bytes.getInt(whole.length - 8);
  }

  /** Whether a file can be read; otherwise it is refused as it should be. */
  private boolean reads(byte[] bytes, String what) throws IOException {
    Path file = folder.resolve("damaged.parquet");
    Files.write(file, bytes);
    try {
      DataTable table = DataTable.parquet(file);
      assertTrue(table.rows() <= 1000, what);
      return true;
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith(file + ": "), what + ": " + e);
      assertTrue(
          e.getMessage().matches("(?s).*(needed|fits?\\b|--add-modules).*"), what + ": " + e);
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "snappy, 1, 3, 1",
    "gzip, 2, 7, 11",
    "none, 3, 7, 11",
    "zstd, 4, 7, 11",
    "pages, 5, 97, 97",
    "pages2, 6, 97, 97",
    "lists, 7, 5, 1",
    "structures, 8, 5, 1",
    "bytes, 9, 5, 1",
    "empty, 10, 5, 1",
    "rowless, 11, 5, 2"
  })
  void aBitThatWasTurned(String name, int seed, int step, int inFooter) throws IOException {
    byte[] whole = whole(name);
    int footer = footer(whole);
    Random random = new Random(seed);
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (int i = 0; i < whole.length; i += i < footer ? step : inFooter) {
            byte[] damaged = whole.clone();
            int bit = random.nextInt(8);
            damaged[i] ^= (byte) (1 << bit);
            reads(damaged, name + ": bit " + bit + " of byte " + i);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"snappy, 1", "gzip, 2", "none, 3", "pages, 4", "pages2, 5"})
  void bytesThatWereReplaced(String name, int seed) throws IOException {
    byte[] whole = whole(name);
    Random random = new Random(seed);
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (int trial = 0; trial < 100; trial++) {
            byte[] damaged = whole.clone();
            int bytes = 1 + random.nextInt(4);
            for (int k = 0; k < bytes; k++) {
              damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            reads(damaged, name + ": trial " + trial);
          }
        });
  }

  @Test
  void aFileThatWasCut() throws IOException {
    byte[] whole = whole("none");
    for (int length = 0; length < whole.length; length += 13) {
      assertEquals(false, reads(Arrays.copyOf(whole, length), "length " + length));
    }
  }

  /** Pages that tell their sums do not change unseen. */
  @Test
  void aSumIsChecked() throws IOException {
    byte[] whole = whole("pages");
    int seen = 0;
    int footer = footer(whole);
    for (int i = 4; i < footer; i += 397) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      seen += reads(damaged, "byte " + i) ? 0 : 1;
    }
    int tried = (footer - 4 + 396) / 397;
    assertTrue(seen > 0.7 * tried, seen + " of " + tried);
  }
}
