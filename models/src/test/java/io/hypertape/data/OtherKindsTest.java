package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files of another kind than what was expected are named for what they are. */
class OtherKindsTest {

  private static final byte[] PAGE =
      "<!DOCTYPE html>\n<html><title>404</title>".getBytes(StandardCharsets.UTF_8);
  private static final byte[] POINTER =
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] PICKLE = {(byte) 0x80, 2, '}', 'q', 1, '(', 'X', 11};

  @TempDir private Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static void refused(Path file, String part, Executable read) {
    String message = assertThrows(InvalidDataException.class, read).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains(part), message);
  }

  @Test
  void idxFiles() throws IOException {
    Path page = file("train-images-idx3-ubyte.gz", PAGE);
    refused(page, "; the file is a web page (HTML)", () -> Idx.readImages(page));
    refused(page, "; download the file again", () -> Idx.readLabels(page, 10));
    Path within = file("within.gz", zipped(PAGE));
    refused(within, "; the file is a web page (HTML)", () -> Idx.readImages(within));
    Path pointer = file("pointer", POINTER);
    refused(pointer, "git lfs pull brings the file itself", () -> Idx.readImages(pointer));
    Path labels = file("labels", new byte[] {0, 0, 8, 1, 0, 0, 0, 0});
    refused(labels, "; the file is IDX labels", () -> Idx.readImages(labels));
  }

  @Test
  void aFileWhereAFolderIsExpected() throws IOException {
    Path file = file("mnist.zip", PAGE);
    refused(file, ": a file, not a folder; MNIST's four files", () -> Mnist.load(file));
  }

  @Test
  void filesOfCifar() throws IOException {
    for (int i = 1; i < 6; i++) {
      file("cifar/data_batch_" + i + ".bin", PICKLE);
    }
    file("cifar/test_batch.bin", PICKLE);
    Path cifar = folder.resolve("cifar");
    refused(
        cifar.resolve("data_batch_1.bin"),
        "; the file is a Python pickle",
        () -> Cifar10.load(cifar, 1));
    Path archive = file("cifar-10-binary.tar.gz", PAGE);
    refused(archive, "; the file is a web page (HTML)", () -> Cifar10.load(archive, 1));
  }

  @Test
  void theVersionOfCifarForPython() throws IOException {
    file("python/cifar-10-batches-py/data_batch_1", PICKLE);
    Path place = folder.resolve("python");
    refused(
        place, "it is the version for Python, and the binary version", () -> Cifar10.load(place));
    byte[] tar = new byte[2048];
    byte[] name = "cifar-10-batches-py/data_batch_1".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(name, 0, tar, 0, name.length);
    System.arraycopy("00000000000\0".getBytes(StandardCharsets.ISO_8859_1), 0, tar, 124, 12);
    Arrays.fill(tar, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[i];
    }
    byte[] digits = String.format(Locale.ROOT, "%06o\0", sum).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(digits, 0, tar, 148, 7);
    Path archive = file("cifar-10-python.tar.gz", zipped(tar));
    refused(archive, "it is the version for Python", () -> Cifar10.load(archive));
  }

  @Test
  void texts() throws IOException {
    Path pickle = file("text.txt", PICKLE);
    refused(pickle, "; the file is a Python pickle", () -> TextCorpus.load(pickle));
    Path wide = file("wide.txt", "a text of some length".getBytes(StandardCharsets.UTF_16));
    refused(wide, "; the file is UTF-16; iconv -f UTF-16", () -> TextCorpus.load(wide));
    Path pointer = file("pointer.txt", POINTER);
    refused(pointer, "a pointer that Git LFS left", () -> TextCorpus.load(pointer));
    String words = "version https://git-lfs.github.com/spec/v1 is how a pointer begins. ";
    Path about = file("about.txt", words.repeat(20).getBytes(StandardCharsets.UTF_8));
    assertEquals(words.length() * 16, TextCorpus.load(about).train().length);
  }

  @Test
  void images() throws IOException {
    Path page = file("cat.png", PAGE);
    refused(
        page, "neither PNG nor JPEG; the file is a web page (HTML)", () -> ImageFile.read(page));
    Path pointer = file("dog.jpg", POINTER);
    refused(pointer, "git lfs pull brings the file itself", () -> ImageFile.read(pointer));
  }
}
