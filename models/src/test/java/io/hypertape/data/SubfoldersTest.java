package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes whose images stand in sub-folders. */
class SubfoldersTest {

  @TempDir private Path folder;

  private Path write(String name, int grey) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, grey);
    assertTrue(ImageIO.write(image, "png", file.toFile()));
    return file;
  }

  private void others() throws IOException {
    write("train/dog/1.png", 100);
    write("test/cat/1.png", 101);
    write("test/dog/1.png", 102);
  }

  private String refused() {
    return assertThrows(InvalidDataException.class, () -> ImageFolder.load(folder, 1)).getMessage();
  }

  @Test
  void theOrderIsThatOfTorchvision() throws IOException {
    others();
    // sorted(os.walk(…)): by folder, then by name; '-' comes before '/'.
    write("train/cat/z.png", 1);
    write("train/cat/b/1.png", 2);
    write("train/cat/b/2.png", 3);
    write("train/cat/b-c/1.png", 4);
    write("train/cat/b/c/1.png", 5);
    write("train/cat/d/e/f/1.png", 6);
    write("train/cat/.hidden/1.png", 9);
    write("train/cat/b/.checkpoints/1.png", 9);
    Files.createDirectory(folder.resolve("train/cat/empty"));
    LabeledImages train = ImageFolder.load(folder, 1).train();
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 100}, train.pixels());
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 1}, train.labels());
    assertEquals(List.of("cat", "dog"), train.classNames());
  }

  @Test
  void linksAreFollowedButNotInCircles() throws IOException {
    others();
    write("train/cat/a/1.png", 1);
    Path elsewhere = write("elsewhere/x/1.png", 2).getParent();
    Path cat = folder.resolve("train/cat");
    Files.createSymbolicLink(cat.resolve("a/back"), cat);
    Files.createSymbolicLink(cat.resolve("self"), cat.resolve("."));
    Files.createSymbolicLink(cat.resolve("linked"), elsewhere);
    Files.createSymbolicLink(elsewhere.resolve("there"), elsewhere.getParent());
    assertArrayEquals(
        new byte[] {1, 2, 100}, ImageFolder.load(folder, 1).train().pixels(), "each image once");
    Path nowhere = Files.createSymbolicLink(cat.resolve("b.png"), folder.resolve("none.png"));
    assertEquals(nowhere + ": a link to a file that is not there", refused());
  }

  @Test
  void aFifthOfAllSubfoldersIsTested() throws IOException {
    for (int i = 0; i < 10; i++) {
      write("a/" + i / 4 + "/" + i % 4 + ".png", i);
      write("b/deep/er/" + i + ".png", 10 + i);
    }
    DataSplit data = ImageFolder.load(folder, 1);
    assertEquals(16, data.train().size());
    assertEquals(4, data.test().size());
  }

  @Test
  void partsThatAreNotCalledSoAreNoClasses() throws IOException {
    write("Training/cat/1.png", 1);
    write("Training/dog/1.png", 1);
    write("Test/cat/1.png", 1);
    write("Test/dog/1.png", 1);
    assertTrue(refused().contains("the classes would be [Test, Training]"), refused());
    assertTrue(refused().contains("are called 'train' and 'test'"), refused());
  }

  @Test
  void emptySubfoldersHaveNoImages() throws IOException {
    Files.createDirectories(folder.resolve("a/b/c"));
    write("b/1.png", 1);
    assertEquals(
        folder.resolve("a") + ": no image (*.png, *.jpg, *.jpeg) in this folder or one within it",
        refused());
  }

  @Test
  void filesThatAreLeftOutAreTold() throws IOException {
    others();
    write("train/cat/1.png", 1);
    Files.writeString(folder.resolve("train/cat/notes.txt"), "");
    Files.writeString(folder.resolve("train/cat/2.webp"), "");
    Files.writeString(folder.resolve("train/cat/3.GIF"), "");
    List<String> told = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            told.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(ImageFiles.class.getName());
    logger.addHandler(handler);
    try {
      assertEquals(2, ImageFolder.load(folder, 1).train().size());
    } finally {
      logger.removeHandler(handler);
    }
    Path cat = folder.resolve("train/cat");
    assertEquals(
        List.of(
            cat + ": PNG and JPEG are read; left out: 2 files, such as " + cat.resolve("2.webp")),
        told);
  }
}
