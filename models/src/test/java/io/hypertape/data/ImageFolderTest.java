package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  @TempDir private Path folder;

  private static BufferedImage image(int height, int width, int type, int... rgb) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int color = rgb[(h * width + w) % rgb.length];
        if (image.getRaster().getNumBands() == 1) {
          image.getRaster().setSample(w, h, 0, color & 0xFF);
        } else {
          image.setRGB(w, h, 0xFF000000 | color);
        }
      }
    }
    return image;
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.endsWith(".png") ? "png" : "jpg";
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return file;
  }

  private String refused() {
    return refused(0);
  }

  private String refused(int size) {
    return assertThrows(InvalidDataException.class, () -> ImageFolder.load(folder, 1, size))
        .getMessage();
  }

  @Test
  void foldersNameTheClasses() throws IOException {
    write("train/cat/a.png", image(2, 3, BufferedImage.TYPE_INT_RGB, 0x010203, 0xF0F1F2));
    write("train/dog/b.png", image(2, 3, BufferedImage.TYPE_BYTE_GRAY, 7, 77, 130));
    write("train/dog/c.png", image(2, 3, BufferedImage.TYPE_INT_ARGB, 0x102030));
    write("test/cat/d.png", image(2, 3, BufferedImage.TYPE_BYTE_GRAY, 9));
    write("test/dog/e.png", image(2, 3, BufferedImage.TYPE_BYTE_GRAY, 200));
    Files.writeString(folder.resolve("train/dog/notes.txt"), "no image");
    Files.writeString(folder.resolve("train/dog/._c.png"), "nor is this");
    DataSplit data = ImageFolder.load(folder, 1);
    assertEquals(folder.getFileName().toString(), data.name());
    assertEquals("3×2×3", data.train().form());
    assertEquals(2, data.train().classes());
    assertArrayEquals(new byte[] {0, 1, 1}, data.train().labels());
    assertArrayEquals(new byte[] {0, 1}, data.test().labels());
    byte f0 = (byte) 0xF0;
    assertArrayEquals(new byte[] {1, f0, 1, f0, 1, f0}, Arrays.copyOf(data.train().pixels(), 6));
    // A grey image keeps its stored values, in all channels.
    byte high = (byte) 130;
    assertArrayEquals(
        new byte[] {7, 77, high, 7, 77, high, 7, 77, high, 7, 77, high},
        Arrays.copyOfRange(data.train().pixels(), 18, 30));
    assertArrayEquals(new byte[] {0x30, 0x30}, Arrays.copyOfRange(data.train().pixels(), 52, 54));
  }

  @Test
  void greyImagesHaveOneChannel() throws IOException {
    for (int i = 0; i < 10; i++) {
      for (String name : new String[] {"a", "b"}) {
        write(name + "/" + i + ".png", image(2, 2, BufferedImage.TYPE_BYTE_GRAY, i));
      }
    }
    DataSplit data = ImageFolder.load(folder, 1);
    assertEquals("2×2", data.train().form());
    assertEquals(16, data.train().size());
    assertEquals(4, data.test().size());
    int[] seen = new int[10];
    for (LabeledImages part : new LabeledImages[] {data.train(), data.test()}) {
      for (int i = 0; i < part.size(); i++) {
        seen[part.pixels()[4 * i]]++;
      }
    }
    int[] twice = new int[10];
    Arrays.fill(twice, 2);
    assertArrayEquals(twice, seen);
    assertArrayEquals(data.test().pixels(), ImageFolder.load(folder, 1).test().pixels());
    boolean differs = false;
    for (int seed = 2; seed < 6; seed++) {
      differs |=
          !Arrays.equals(data.test().pixels(), ImageFolder.load(folder, seed).test().pixels());
    }
    assertTrue(differs, "the split depends on the seed");
  }

  @Test
  void jpegIsRead() throws IOException {
    for (String name : new String[] {"a/1.jpg", "a/2.JPEG", "b/1.jpg", "b/2.jpg"}) {
      write(name, image(16, 16, BufferedImage.TYPE_INT_RGB, 0xC04020));
    }
    LabeledImages train = ImageFolder.load(folder, 1).train();
    assertEquals("3×16×16", train.form());
    assertEquals(0xC0, train.pixels()[0] & 0xFF, 4);
    assertEquals(0x20, train.pixels()[512] & 0xFF, 4);
  }

  @Test
  void imagesOfDifferentSizes() throws IOException {
    Path one = write("a/1.png", image(4, 4, BufferedImage.TYPE_INT_RGB, 0xFF0000));
    write("a/2.png", image(4, 4, BufferedImage.TYPE_INT_RGB, 0xFF0000));
    Path two = write("b/1.png", image(4, 8, BufferedImage.TYPE_INT_RGB, 0x00FF00));
    write("b/2.png", image(4, 8, BufferedImage.TYPE_INT_RGB, 0x00FF00));
    String message = refused();
    assertTrue(message.contains(": 4×8 pixels, but ") || message.contains(": 4×4 pixels, but "));
    assertTrue(message.contains(one.getParent().toString()), message);
    assertTrue(message.contains(two.getParent().toString()), message);
    assertTrue(message.contains("--image-size N"), message);
    assertEquals("3×2×2", ImageFolder.load(folder, 1, 2).train().form());
    assertEquals("3×9×9", ImageFolder.load(folder, 1, 9).train().form());
  }

  @Test
  void areasAreAveraged() {
    byte[] pixels = new byte[3 * 4 * 6];
    for (int h = 0; h < 4; h++) {
      for (int w = 0; w < 6; w++) {
        pixels[6 * h + w] = (byte) (10 * h + w);
      }
    }
    ImageFile image = new ImageFile(4, 6, false, pixels);
    // The middle four columns, 1 to 4: means of 2×2 areas.
    byte[] half = image.resized(2).pixels();
    assertArrayEquals(new byte[] {7, 9, 27, 29}, Arrays.copyOf(half, 4)); // 6.5 to 28.5, rounded up
    byte[] same = image.resized(4).pixels();
    assertArrayEquals(new byte[] {1, 2, 3, 4, 11}, Arrays.copyOf(same, 5));
    byte[] twice = image.resized(8).pixels();
    assertArrayEquals(new byte[] {1, 1, 2, 2, 3, 3, 4, 4, 1}, Arrays.copyOf(twice, 9));
    // 4 pixels become 3: each is 4/3 wide.
    byte[] third = image.resized(3).pixels();
    assertEquals(Math.round((1 + 2 / 3.0 * 0.5) + 10 * 0.25), third[0]);
    byte[] white = new byte[3 * 49];
    Arrays.fill(white, (byte) 255);
    for (byte value : new ImageFile(7, 7, true, white).resized(3).pixels()) {
      assertEquals((byte) 255, value);
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertTrue(refused().contains("0 sub-folders; one a class is expected"), refused());
    write("train/a/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    write("train/b/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    assertTrue(refused().contains("no folder 'test' beside it"), refused());
    write("test/a/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    write("test/c/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    assertTrue(refused().contains("classes in 'train' are [a, b], in 'test' [a, c]"), refused());
    Files.move(folder.resolve("test/c"), folder.resolve("test/b"));
    Files.delete(folder.resolve("test/b/1.png"));
    assertTrue(refused().contains("no image (*.png, *.jpg, *.jpeg) in this folder"), refused());
    var e =
        assertThrows(InvalidDataException.class, () -> ImageFolder.load(folder.resolve("none"), 1));
    assertTrue(e.getMessage().contains("there is no such folder"), e.getMessage());
  }

  @Test
  void classesOfOneImageCannotBeSplit() throws IOException {
    write("a/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    write("b/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    assertTrue(refused().contains("no class has two images"), refused());
  }

  /** A PNG's header that claims any size, and nothing behind it. */
  private static byte[] claim(int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(33);
    out.putLong(0x89504E470D0A1A0AL).putInt(13).putInt(0x49484452);
    out.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 sum = new CRC32();
    sum.update(out.array(), 12, 17);
    return out.putInt((int) sum.getValue()).array();
  }

  @Test
  void hostileImages() throws IOException {
    write("a/2.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    write("b/1.png", image(2, 2, BufferedImage.TYPE_INT_RGB, 1));
    Path bad = folder.resolve("a/1.png");
    Files.write(bad, claim(100_000, 100_000));
    assertTrue(refused().startsWith(bad + ": 100000×100000 pixels; at most 16777216"), refused());
    Files.write(bad, claim(2, 2));
    assertTrue(refused().startsWith(bad + ": damaged, or of an unknown kind"), refused());
    Files.writeString(bad, "<html>not found</html>");
    assertEquals(
        bad
            + ": neither PNG nor JPEG; the file is a web page (HTML), such as an error or a login"
            + " page that was saved under this name; download the file again",
        refused());
    Files.write(bad, new byte[0]);
    assertEquals(bad + ": neither PNG nor JPEG", refused());
  }

  /** Damaged images end in an InvalidDataException or are read; nothing else happens. */
  @Test
  void randomDamage() throws IOException {
    Random random = new Random(1);
    int refused = 0;
    for (String ending : new String[] {".png", ".jpg"}) {
      Path file = write("x/1" + ending, image(9, 7, BufferedImage.TYPE_INT_RGB, 1, 0xFF8800, 77));
      byte[] whole = Files.readAllBytes(file);
      for (int round = 0; round < 400; round++) {
        byte[] bytes = whole.clone();
        for (int k = random.nextInt(4); k >= 0; k--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        Files.write(file, bytes);
        try {
          ImageFile read = ImageFile.read(file);
          assertEquals(3 * read.height() * read.width(), read.pixels().length);
        } catch (InvalidDataException e) {
          assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
          assertFalse(e.getMessage().contains("\n"), e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > 200, refused + " refused");
  }
}
