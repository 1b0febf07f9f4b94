package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.SharedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of three images each, but for the real ones. */
class Cifar10Test {

  private static final int IMAGES = 3;
  private static final int RECORD = 3073;

  @TempDir private Path folder;

  private static String name(int file) {
    return file < 5 ? "data_batch_" + (file + 1) + ".bin" : "test_batch.bin";
  }

  /** Image i of file f has label (f + i) mod 10. */
  private static byte[] contents(int file) {
    byte[] bytes = new byte[IMAGES * RECORD];
    new Random(file).nextBytes(bytes);
    for (int i = 0; i < IMAGES; i++) {
      bytes[i * RECORD] = (byte) ((file + i) % 10);
    }
    return bytes;
  }

  private static void write(Path place) throws IOException {
    Files.createDirectories(place);
    for (int file = 0; file < 6; file++) {
      boolean zip = file % 2 == 0;
      Files.write(
          place.resolve(name(file) + (zip ? ".gz" : "")),
          zip ? IdxTest.gzip(contents(file)) : contents(file));
    }
  }

  private static void check(DataSplit data) {
    assertEquals("cifar10", data.name());
    assertEquals("3×32×32", data.train().form());
    assertEquals(15, data.train().size());
    assertEquals(3, data.test().size());
    assertArrayEquals(
        new byte[] {0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6}, data.train().labels());
    assertArrayEquals(new byte[] {5, 6, 7}, data.test().labels());
    assertArrayEquals(
        Arrays.copyOfRange(contents(4), RECORD + 1, 2 * RECORD),
        Arrays.copyOfRange(data.train().pixels(), 13 * 3072, 14 * 3072));
  }

  private String refused(Path place) {
    return assertThrows(InvalidDataException.class, () -> Cifar10.load(place, IMAGES)).getMessage();
  }

  /** An entry as tar writes it. */
  private static byte[] entry(String name, char type, String size, byte[] contents) {
    byte[] bytes = new byte[512 + (contents.length + 511) / 512 * 512];
    put(bytes, 0, name);
    put(bytes, 100, "0000644");
    put(bytes, 124, size);
    put(bytes, 148, "        ");
    bytes[156] = (byte) type;
    put(bytes, 257, "ustar");
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += bytes[i] & 0xFF;
    }
    put(bytes, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    System.arraycopy(contents, 0, bytes, 512, contents.length);
    return bytes;
  }

  private static void put(byte[] bytes, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, at, ascii.length);
  }

  private static byte[] entry(String name, byte[] contents) {
    return entry(name, '0', String.format(Locale.ROOT, "%011o", contents.length), contents);
  }

  private static byte[] archive(byte[]... entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      out.writeBytes(entry);
    }
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static byte[] wholeArchive() {
    return archive(
        entry("cifar-10-batches-bin/", '5', "00000000000", new byte[0]),
        entry("cifar-10-batches-bin/readme.html", "<html>".getBytes(StandardCharsets.US_ASCII)),
        entry("cifar-10-batches-bin/test_batch.bin", contents(5)),
        entry("cifar-10-batches-bin/data_batch_4.bin", contents(3)),
        entry("cifar-10-batches-bin/data_batch_1.bin", contents(0)),
        entry("../../etc/data_batch_2.bin", contents(1)),
        entry("/data_batch_3.bin", contents(2)),
        entry("data_batch_5.bin", contents(4)));
  }

  @Test
  void readsFoldersAndArchives() throws IOException {
    write(folder.resolve("plain"));
    check(Cifar10.load(folder.resolve("plain"), IMAGES));
    write(folder.resolve("above/cifar-10-batches-bin"));
    check(Cifar10.load(folder.resolve("above"), IMAGES));
    Path archive = folder.resolve("cifar-10-binary.tar.gz");
    Files.write(archive, IdxTest.gzip(wholeArchive()));
    check(Cifar10.load(archive, IMAGES));
    check(Cifar10.load(folder, IMAGES));
    Path tar = folder.resolve("unpacked.tar");
    Files.write(tar, wholeArchive());
    check(Cifar10.load(tar, IMAGES));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    write(folder);
    Files.delete(folder.resolve("data_batch_2.bin"));
    Files.delete(folder.resolve("data_batch_3.bin.gz"));
    String message = refused(folder);
    assertTrue(message.contains("data_batch_2.bin, data_batch_3.bin are missing"), message);
    assertTrue(message.contains("cifar-10-binary.tar.gz"), message);
    message = refused(folder.resolve("none"));
    assertTrue(message.contains("there is no such folder"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3072, 3073, 3074, 9218})
  void cutOffAnywhere(int length) throws IOException {
    write(folder);
    Path file = folder.resolve("data_batch_4.bin");
    Files.write(file, Arrays.copyOf(contents(3), length));
    assertEquals(
        file + ": cut off: " + length + " bytes; 9219 bytes (3 images of 3073 bytes) are expected",
        refused(folder));
    byte[] zipped = IdxTest.gzip(contents(2));
    Files.write(file, contents(3));
    Path compressed = folder.resolve("data_batch_3.bin.gz");
    Files.write(compressed, Arrays.copyOf(zipped, 2 + length % (zipped.length - 3)));
    String message = refused(folder);
    assertTrue(message.startsWith(compressed + ": damaged gzip data"), message);
  }

  @Test
  void theRealSizeIsTold() throws IOException {
    write(folder);
    String message =
        assertThrows(InvalidDataException.class, () -> Cifar10.load(folder)).getMessage();
    assertTrue(
        message.endsWith(
            "data_batch_1.bin.gz: cut off: 9219 bytes; 30730000 bytes (10000 images of 3073 bytes)"
                + " are expected"),
        message);
  }

  @Test
  void longerFilesAndOtherLabelsAreRefused() throws IOException {
    write(folder);
    Path file = folder.resolve("test_batch.bin");
    Files.write(file, Arrays.copyOf(contents(5), IMAGES * RECORD + 1));
    assertTrue(refused(folder).startsWith(file + ": more than the expected 9219 bytes"));
    byte[] coarse = contents(5);
    coarse[RECORD] = (byte) 200;
    Files.write(file, coarse);
    assertTrue(refused(folder).startsWith(file + ": label of image 1 is 200, outside 0..9"));
  }

  @Test
  void hostileArchives() throws IOException {
    Path archive = folder.resolve("a.tar.gz");
    byte[][] bad = {
      "no archive at all".getBytes(StandardCharsets.US_ASCII),
      archive(entry("data_batch_1.bin", '0', "77777777777", contents(0))),
      archive(entry("data_batch_1.bin", '0', "-0000000001", contents(0))),
      archive(entry("data_batch_1.bin", '0', "            ", contents(0))),
      archive(entry("data_batch_1.bin", Arrays.copyOf(contents(0), 9218))),
      archive(entry("other", '0', "00100000000", new byte[0])),
      archive(entry("data_batch_1.bin", contents(0)), entry("data_batch_1.bin", contents(0))),
      Arrays.copyOf(wholeArchive(), 30_000),
      Arrays.copyOf(wholeArchive(), 512 + 100),
      new byte[0],
      new byte[10_240]
    };
    String[] parts = {
      "cut off: 17 bytes",
      "unpacks to more than",
      "no octal number as an entry's size",
      "no octal number as an entry's size",
      "data_batch_1.bin: 9218 bytes; 9219 are expected",
      "cut off within other",
      "data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin not",
      "cut off",
      "cut off: 100 bytes",
      "not found in this archive",
      "not found in this archive"
    };
    for (int i = 0; i < bad.length; i++) {
      Files.write(archive, IdxTest.gzip(bad[i]));
      String message = refused(archive);
      assertTrue(message.startsWith(archive + ": "), message);
      assertTrue(message.contains(parts[i]), i + ": " + message);
    }
    byte[] sum = wholeArchive();
    sum[3] ^= 1;
    Files.write(archive, sum);
    assertTrue(refused(archive).contains("no tar archive, or a damaged one"));
  }

  /** Damaged archives end in an InvalidDataException or are read; nothing else happens. */
  @Test
  void randomDamage() throws IOException {
    Random random = new Random(1);
    Path archive = folder.resolve("a.tar.gz");
    byte[] whole = wholeArchive();
    byte[] zipped = IdxTest.gzip(whole);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bytes = (round % 2 == 0 ? whole : zipped).clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      Files.write(archive, bytes);
      try {
        assertEquals(15, Cifar10.load(archive, IMAGES).train().size());
      } catch (InvalidDataException e) {
        assertTrue(e.getMessage().startsWith(archive.toString()), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " refused");
  }

  @Test
  void theRealFiles() throws IOException {
    DataSplit data =
        Cifar10.load(
            SharedFolder.require("data/cifar10"),
            Cifar10.IMAGES,
            Originals.required("CIFAR-10", Cifar10.CONTENTS));
    assertEquals(50_000, data.train().size());
    assertEquals(10_000, data.test().size());
    int[] counts = new int[20];
    for (byte label : data.train().labels()) {
      counts[label]++;
    }
    for (byte label : data.test().labels()) {
      counts[10 + label]++;
    }
    for (int k = 0; k < 20; k++) {
      assertEquals(k < 10 ? 5000 : 1000, counts[k]);
    }
    // A frog, a truck, a truck, a deer, an automobile; then a cat, a ship, a ship, a plane, a frog.
    assertArrayEquals(new byte[] {6, 9, 9, 4, 1}, Arrays.copyOf(data.train().labels(), 5));
    assertArrayEquals(new byte[] {3, 8, 8, 0, 6}, Arrays.copyOf(data.test().labels(), 5));
    Normalization normalization = Normalization.of(data.train());
    assertArrayEquals(new float[] {0.4914f, 0.4822f, 0.4465f}, normalization.mean(), 5e-5f);
    assertArrayEquals(new float[] {0.2470f, 0.2435f, 0.2616f}, normalization.deviation(), 5e-5f);
  }
}
