package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Pictures. Their headers claim a size, for which memory is taken up to a bound that does not
 * depend on the file: an area of one colour is packed to next to nothing.
 */
class ImagesFuzzTest {

  /** 16.7 million pixels: decoded, as ours, and what decoding takes beside them. */
  private static final long LARGEST = (1L << 24) * 16;

  static final Promise PROMISE =
      Promise.of(InvalidDataException.class).within(LARGEST + (64L << 20), 1032 * 4);

  @FuzzTest
  void jpeg(byte[] input) {
    read("tried.jpg", input);
  }

  /** As it is, and with the checksums that its chunks should have. */
  @FuzzTest
  void png(byte[] input) {
    read("tried.png", input);
    read("tried.png", summed(input));
  }

  private static void read(String name, byte[] input) {
    Path file = Path.of(name);
    PROMISE.keep(
        input,
        () -> {
          ImageFile read = ImageFile.read(file, input.clone());
          assertEquals(3L * read.height() * read.width(), read.pixels().length);
        });
    PROMISE.keep(
        input,
        () -> {
          ImageFile small = ImageFile.read(InputFile.of(name, input), 8);
          assertEquals(8, small.height());
          assertEquals(8, small.width());
        });
  }

  private static byte[] summed(byte[] input) {
    byte[] summed = Arrays.copyOf(input, input.length);
    ByteBuffer bytes = ByteBuffer.wrap(summed);
    int at = 8;
    while (at + 12 <= summed.length) {
      int length = bytes.getInt(at);
      if (length < 0 || length > summed.length - at - 12) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(summed, at + 4, 4 + length);
      bytes.putInt(at + 8 + length, (int) sum.getValue());
      at += 12 + length;
    }
    return summed;
  }
}
