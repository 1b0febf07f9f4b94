package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.SharedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a download is what was verified, whatever lies beside it. */
class OriginalsTest {

  private static final String IMAGES = "train-images-idx3-ubyte";

  /** Nobody listens there. */
  private static final Downloader OFFLINE =
      new Downloader(List.of(URI.create("http://127.0.0.1:1/")), (name, n, total) -> {});

  @TempDir private Path folder;
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, String> sums = new HashMap<>();
  private final List<Downloader.RemoteFile> remotes = new ArrayList<>();

  @BeforeEach
  void publish() throws IOException {
    publish(IMAGES, IdxTest.images(3, 28, 28));
    publish("train-labels-idx1-ubyte", IdxTest.labels(5, 0, 4));
    publish("t10k-images-idx3-ubyte", IdxTest.images(2, 28, 28));
    publish("t10k-labels-idx1-ubyte", IdxTest.labels(7, 2));
  }

  private void publish(String name, byte[] contents) throws IOException {
    files.put(name, contents);
    sums.put(name, DownloaderTest.remote(name, contents).sha256());
    byte[] packed = IdxTest.gzip(contents);
    remotes.add(DownloaderTest.remote(name + ".gz", packed));
    Files.write(folder.resolve(name + ".gz"), packed);
  }

  private DataSplit mnist() throws IOException {
    return Mnist.download(folder, OFFLINE, remotes, sums);
  }

  private static byte[] changed(byte[] contents) {
    byte[] other = contents.clone();
    other[other.length - 1] ^= 1;
    return other;
  }

  @Test
  void anUnpackedFileBesideTheVerifiedOneIsNotRead() throws IOException {
    byte[] pixels = mnist().train().pixels();
    for (String name : sums.keySet()) {
      Files.write(folder.resolve(name), changed(files.get(name)));
      Files.write(folder.resolve(name.replace("-idx", ".idx")), changed(files.get(name)));
    }
    DataSplit data = mnist();
    assertArrayEquals(pixels, data.train().pixels());
    assertArrayEquals(new byte[] {5, 0, 4}, data.train().labels());
    assertArrayEquals(new byte[] {7, 2}, data.test().labels());
  }

  @Test
  void anUnpackedFileInsteadOfTheDownloadServesIfItIsTheSame() throws IOException {
    Files.delete(folder.resolve(IMAGES + ".gz"));
    Files.write(folder.resolve(IMAGES), files.get(IMAGES));
    assertEquals(3, mnist().train().size());
    Files.write(folder.resolve(IMAGES), changed(files.get(IMAGES)));
    String message = assertThrows(IOException.class, this::mnist).getMessage();
    assertTrue(message.startsWith("MNIST: " + IMAGES + ".gz could not be downloaded"), message);
  }

  @Test
  void aFileThatIsReplacedBetweenItsCheckAndItsReadingIsRefused() throws IOException {
    // As if the checked file had been another: its sum is right, and what is read is not.
    byte[] other = IdxTest.gzip(changed(files.get(IMAGES)));
    Files.write(folder.resolve(IMAGES + ".gz"), other);
    remotes.set(0, DownloaderTest.remote(IMAGES + ".gz", other));
    String message = assertThrows(InvalidDataException.class, this::mnist).getMessage();
    Path file = folder.resolve(IMAGES + ".gz");
    assertTrue(message.startsWith(file + ": the sha256 of " + IMAGES + " is "), message);
    assertTrue(message.contains(" instead of " + sums.get(IMAGES)), message);
  }

  @Test
  void theCacheIsStrictUnderAnyName() throws IOException {
    Path link = folder.resolveSibling(folder.getFileName() + "-link");
    Files.createSymbolicLink(link, folder);
    try {
      for (Path place : List.of(folder, link, folder.resolve("."))) {
        Originals originals = Originals.in(place, folder, "MNIST", sums);
        Checksum sum = new Checksum();
        assertThrows(
            InvalidDataException.class,
            () -> originals.check(place.resolve(IMAGES), IMAGES, sum),
            place.toString());
      }
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void ownFilesElsewhereAreReadAndNoted() throws IOException {
    List<String> notes = new ArrayList<>();
    Logger log = Logger.getLogger(Originals.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord noted) {
            notes.add(noted.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    log.addHandler(handler);
    log.setUseParentHandlers(false);
    try {
      assertEquals(3, Mnist.load(folder).train().size());
      assertEquals(60_000, Mnist.load(SharedFolder.require("data/mnist")).train().size());
    } finally {
      log.removeHandler(handler);
      log.setUseParentHandlers(true);
    }
    assertEquals(
        List.of(
            folder.resolve(IMAGES + ".gz")
                + " and 3 more: not MNIST as it was published, by the sha256 of the contents; read"
                + " as it is"),
        notes,
        "of the published files nothing is to be said");
  }

  private void write(Path place, int change) throws IOException {
    Files.createDirectories(place);
    for (int i = 0; i < 6; i++) {
      String name = i < 5 ? "data_batch_" + (i + 1) + ".bin" : "test_batch.bin";
      byte[] bytes = new byte[3073];
      bytes[1] = (byte) (i + change);
      Files.write(place.resolve(name), bytes);
      if (change == 0) {
        sums.put(name, DownloaderTest.remote(name, bytes).sha256());
      }
    }
  }

  private DataSplit cifar(Path place) throws IOException {
    var none = new Downloader.RemoteFile("cifar-10-binary.tar.gz", 1, "none");
    return Cifar10.download(place, OFFLINE, none, 1, sums);
  }

  @Test
  void filesOfCifarPutThereByHandServeIfTheyAreTheSame() throws IOException {
    Path place = folder.resolve("cifar");
    write(place.resolve("cifar-10-batches-bin"), 0);
    assertEquals(5, cifar(place).train().size());
    write(place.resolve("cifar-10-batches-bin"), 1);
    String message = assertThrows(IOException.class, () -> cifar(place)).getMessage();
    assertTrue(message.startsWith("CIFAR-10: cifar-10-binary.tar.gz could not be"), message);
    assertFalse(message.contains("sha256"), message);
  }
}
