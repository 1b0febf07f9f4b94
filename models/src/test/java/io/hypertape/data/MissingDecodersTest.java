package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.run.folder.FolderCheck;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime without java.desktop, as jlink makes one, has all but images, and says so. */
class MissingDecodersTest {

  @TempDir private Path folder;

  /** The child, which names no class of that module itself. */
  static final class Child {

    /** Tells what becomes of images, and draws digits. */
    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      try {
        ImageFolder.load(folder, 1);
      } catch (UnsupportedOperationException e) {
        System.out.println(e.getMessage());
      }
      try (Session session = Session.open(Device.REFERENCE)) {
        FolderCheck.of(session, folder)
            .forEach(found -> System.out.println(found.verdict() + " " + found.text()));
      }
      System.out.println(Strokes.generate(1, 20, 10).train().size() + " digits");
    }
  }

  @Test
  void onlyImagesAreRefused() throws Exception {
    for (String name : List.of("a/1.png", "a/2.png", "b/1.png", "b/2.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules=java.base,java.logging,java.net.http,jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor(), lines.toString());
    String reason = "images are decoded by Java's module java.desktop, which is not there: ";
    assertTrue(lines.getFirst().startsWith(reason), lines.toString());
    assertEquals(
        4,
        lines.stream()
            .filter(line -> line.startsWith("UNKNOWN not looked into: " + reason))
            .count(),
        lines.toString());
    assertEquals("20 digits", lines.getLast());
  }
}
