package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.io.guard.HeapRoom;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that are brought to a size. */
class ImageSizeTest {

  private static final int HEIGHT = 4100;
  private static final int WIDTH = 4900;

  @TempDir private Path folder;

  /** A photograph of 20 megapixels that becomes brighter from left to right. */
  private Path photo(String format) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int at = 0; at < pixels.length; at++) {
      pixels[at] = (byte) (at % WIDTH / 20);
    }
    Path file = folder.resolve("photo." + format);
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void largePhotographsAreMadeSmall(String format) throws IOException {
    Path file = photo(format);
    var e = assertThrows(InvalidDataException.class, () -> ImageFile.read(file));
    assertEquals(
        file
            + ": 4100×4900 pixels; at most 16777216 in all are read; --image-size N reads larger"
            + " ones",
        e.getMessage());
    ImageFile small = ImageFile.read(file, 41);
    assertEquals(41, small.height());
    assertEquals(41, small.width());
    for (int w = 0; w < 41; w++) {
      // The square begins at column 400; each pixel is the mean of 100 columns, half of them read.
      double mean = (400 + 100 * (w + 0.5)) / 20 - 0.5;
      assertEquals(mean, small.pixels()[3 * 1681 - 41 + w] & 0xFF, 1.01, "column " + w);
    }
  }

  /** No pixel is left out where the size asks for all of them. */
  @Test
  void asMuchIsReadAsTheSizeAsksFor() throws IOException {
    ImageFile large = ImageFile.read(photo("jpg"), 4100);
    assertEquals(3 * 4100 * 4100, large.pixels().length);
    for (int w = 0; w < 4100; w += 10) {
      assertEquals((400 + w) / 20, large.pixels()[w] & 0xFF, 1.01, "column " + w);
    }
  }

  /**
   * Side, size, period: all pixels of squares of 4096; beyond, 2×2 at least for each that is made.
   */
  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "4096,1,1",
    "4097,1,2",
    "8192,64,2",
    "8193,64,3",
    "16384,64,4",
    "16384,4096,2",
    "16384,8192,1",
    "16384,26754,1",
    "5000,2000,1",
    "65535,10,16"
  })
  void pixelsAreLeftOutOfVeryLargeImagesOnly(int side, int size, int period) {
    assertEquals(period, ImageFile.period(side, size));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 26_755, 30_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void sizesThatDoNotFitAreRefused(int size) {
    var e = assertThrows(IllegalArgumentException.class, () -> ImageFolder.load(folder, 1, size));
    assertEquals(
        "image size is " + size + "; 1 to 26754 fit, or 0 for images as they are", e.getMessage());
    assertTrue(3L * 26_754 * 26_754 <= Integer.MAX_VALUE - 8);
    assertTrue(3L * 26_755 * 26_755 > Integer.MAX_VALUE - 8);
  }

  private void small(String name, int rgb) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, rgb);
    assertTrue(ImageIO.write(image, "png", file.toFile()));
  }

  /** Told before the first image is read: the one of a is damaged. */
  @Test
  void allImagesMustFitInMemory() throws IOException {
    Files.createDirectory(folder.resolve("a"));
    for (int i = 0; i < 10; i++) {
      Files.writeString(folder.resolve("a/" + i + ".png"), "damaged");
      small("b/" + i + ".png", 0);
    }
    var e = assertThrows(InvalidDataException.class, () -> ImageFolder.load(folder, 1, 26_754));
    String message = e.getMessage();
    assertTrue(
        message.startsWith(
            "16 images of 26754×26754 pixels in 1 channel need 10921.9 MiB; the heap has room for "),
        message);
    assertTrue(
        message.matches(".* of data, and -Xmx.*; fewer images or --image-size [0-9]+ or less.*"),
        message);
  }

  @Test
  void colourNeedsThreeTimesAsMuch() throws IOException {
    small("a/1.png", 0xFF0000);
    small("a/2.png", 0);
    small("b/1.png", 0);
    small("b/2.png", 0);
    assertEquals("3×8×8", ImageFolder.load(folder, 1, 8).test().form());
    // As one channel they fit, as three they do not; the other part counts as well.
    HeapRoom room = new HeapRoom(100 * 64 + 5000);
    ImageCollector.Form tight = new ImageCollector.Form(8, room);
    ImageCollector collector = new ImageCollector(tight, 60);
    assertEquals(40, new ImageCollector(tight, 40).total());
    var e =
        assertThrows(
            InvalidDataException.class, () -> collector.add(List.of(folder.resolve("a/1.png")), 0));
    assertEquals(
        "100 images of 8×8 pixels in 3 channels need 0.0 MiB; the heap has room for 0.0 MiB of data,"
            + " and -Xmx makes it larger; fewer images or --image-size 6 or less would fit",
        e.getMessage());
  }
}
