package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {

  @TempDir private Path folder;

  static void writeSmall(Path folder) throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte"), IdxTest.images(3, 28, 28));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxTest.labels(5, 0, 4));
    Files.write(
        folder.resolve("t10k-images-idx3-ubyte.gz"), IdxTest.gzip(IdxTest.images(2, 28, 28)));
    Files.write(folder.resolve("t10k-labels.idx1-ubyte"), IdxTest.labels(7, 2));
  }

  private void refused(String... parts) {
    String message =
        assertThrows(InvalidDataException.class, () -> Mnist.load(folder)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void readsAFolderOfAnyUsualNames() throws IOException {
    writeSmall(folder);
    DataSplit data = Mnist.load(folder);
    assertEquals("mnist", data.name());
    assertEquals(3, data.train().size());
    assertEquals(784, data.train().features());
    assertEquals(2, data.test().size());
    assertArrayEquals(new byte[] {7, 2}, data.test().labels());
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    writeSmall(folder);
    Files.delete(folder.resolve("t10k-labels.idx1-ubyte"));
    refused("t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz");
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxTest.labels(1));
    refused("1 labels for 2 images");
    var e = assertThrows(InvalidDataException.class, () -> Mnist.load(folder.resolve("none")));
    assertTrue(e.getMessage().contains("there is no such folder"), e.getMessage());
  }

  @Test
  void whatCannotBeTrainedOnIsToldWhenLoading() throws IOException {
    writeSmall(folder);
    assertEquals("9", Mnist.load(folder).classNames().getLast());
    Path test = folder.resolve("t10k-images-idx3-ubyte.gz");
    Files.write(test, IdxTest.gzip(IdxTest.images(2, 20, 20)));
    refused(folder + ": mnist: images to learn from are 28×28, those to judge by 20×20");
    Files.write(test, IdxTest.gzip(IdxTest.images(0, 28, 28)));
    Files.write(folder.resolve("t10k-labels.idx1-ubyte"), IdxTest.labels());
    refused(test + ": holds no images");
    Path train = folder.resolve("train-images-idx3-ubyte");
    Files.write(train, IdxTest.images(0, 28, 28));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxTest.labels());
    refused(train + ": holds no images");
  }

  @Test
  void theRealFiles() throws IOException {
    DataSplit data = Mnist.load(SharedFolder.require("data/mnist"));
    assertEquals(60_000, data.train().size());
    assertEquals(10_000, data.test().size());
    assertEquals(28, data.train().height());
    assertArrayEquals(
        new byte[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, Arrays.copyOf(data.train().labels(), 10));
    int[] counts = new int[10];
    for (byte label : data.test().labels()) {
      counts[label]++;
    }
    assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, counts);
    long sum = 0;
    for (byte pixel : data.train().pixels()) {
      sum += pixel & 0xFF;
    }
    assertEquals(0.1306604, sum / 255.0 / data.train().pixels().length, 1e-7);
  }
}
