package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** What tests look for in pictures. */
final class PictureChecks {

  /** The palette's first colours. */
  static final int BLUE = 0x0072B2;

  static final int ORANGE = 0xD55E00;
  static final int PINK = 0xCC79A7;

  private PictureChecks() {}

  /** A picture of a size to read in which each of some colours has enough pixels to be seen. */
  static void assertShows(Path file, int... colors) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertTrue(image.getWidth() >= 1000 && image.getHeight() >= 400, image.toString());
    for (int color : colors) {
      int count = 0;
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          count += (image.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
        }
      }
      assertTrue(count > 100, Integer.toHexString(color) + ": " + count + " pixels in " + file);
    }
  }
}
