package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Reading data ends when its thread is interrupted. */
class InterruptedReadingTest {

  @TempDir private Path folder;

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private static String interrupted(Executable reading) {
    Thread.currentThread().interrupt();
    String message = assertThrows(InterruptedIOException.class, reading).getMessage();
    assertTrue(Thread.interrupted(), "the status is kept");
    return message;
  }

  @Test
  void ofFiles() throws IOException {
    Path file = folder.resolve("images");
    Files.write(file, ByteBuffer.allocate(17).putInt(0x803).putInt(1).putInt(1).putInt(1).array());
    String message = file + ": reading was interrupted";
    assertEquals(message, interrupted(() -> Idx.readImages(file)));
    assertEquals(message, interrupted(() -> TextCorpus.load(file)));
    assertEquals(message, interrupted(() -> Cifar10.load(file)));
    assertEquals(1, Idx.readImages(file).count());
  }

  @Test
  void ofAFolderOfImages() throws IOException {
    for (String name : List.of("a/1.png", "a/2.png", "b/1.png", "b/2.png")) {
      Files.createDirectories(folder.resolve(name).getParent());
      ImageIO.write(
          new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB),
          "png",
          folder.resolve(name).toFile());
    }
    String message = interrupted(() -> ImageFolder.load(folder, 1));
    assertTrue(message.endsWith(".png: reading was interrupted"), message);
    assertEquals(2, ImageFolder.load(folder, 1).train().size());
  }

  @Test
  void ofADrawnSet() {
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> Strokes.generate(1, 100, 10));
    assertTrue(Thread.interrupted());
  }

  @Test
  void ofADownloadInItsMidst() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 200_000);
          exchange.getResponseBody().write(new byte[100_000]);
          exchange.getResponseBody().flush();
          // The rest never comes.
        });
    server.start();
    try {
      Thread reader = Thread.currentThread();
      Downloader downloader =
          new Downloader(
              List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")),
              (name, received, total) -> {
                if (received >= 100_000) {
                  reader.interrupt();
                }
              });
      Downloader.RemoteFile file = new Downloader.RemoteFile("a.gz", 200_000, "none");
      var e = assertThrows(InterruptedIOException.class, () -> downloader.fetch(file, folder));
      assertEquals("a.gz: the download was interrupted", e.getMessage());
      assertTrue(Thread.interrupted());
    } finally {
      server.stop(0);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
