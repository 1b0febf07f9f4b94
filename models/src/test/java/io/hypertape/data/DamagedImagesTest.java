package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not whole are refused, by their names; the JDK reads them without a word. */
class DamagedImagesTest {

  private static final byte[] END = {(byte) 0xFF, (byte) 0xD9};

  private static final Path FILE = Path.of("photo.jpg");

  @TempDir private Path folder;

  private static ImageFile read(byte[] bytes) throws IOException {
    return ImageFile.read(FILE, bytes.clone());
  }

  private static boolean isRefused(byte[] bytes) throws IOException {
    try {
      read(bytes);
      return false;
    } catch (InvalidDataException e) {
      assertTrue(e.getMessage().startsWith(FILE + ": "), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      return true;
    }
  }

  private static void assertRefused(byte[] bytes, String reason) {
    var e = assertThrows(InvalidDataException.class, () -> read(bytes));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Where the data of a JPEG's first scan begin. */
  private static int data(byte[] jpeg) {
    int scan = ImageKindsTest.find(jpeg, 0xDA);
    return scan + 2 + jpeg[scan + 3];
  }

  @Test
  void filesThatAreCutOffAnywhere() throws IOException {
    for (Map.Entry<String, StoredImages> entry : StoredImages.all().entrySet()) {
      byte[] whole = entry.getValue().file();
      for (int part = 1; part < 24; part++) {
        int length = part < 21 ? whole.length * part / 21 : whole.length - (24 - part);
        String what = entry.getKey() + " cut to " + length + " of " + whole.length;
        assertTrue(isRefused(Arrays.copyOf(whole, length)), what);
        assertTrue(isRefused(Arrays.copyOf(Arrays.copyOf(whole, length), whole.length)), what);
      }
    }
  }

  /** As a download leaves them that another program has made to end well. */
  @Test
  void jpegsThatAreCutOffAndEnded() throws IOException {
    for (Map.Entry<String, StoredImages> entry : StoredImages.all().entrySet()) {
      byte[] whole = entry.getValue().file();
      if (entry.getKey().endsWith(".jpg") && whole.length > 1000) {
        int begin = data(whole);
        // Within the first scan: behind, a progressive picture is whole, but coarse.
        int end = begin;
        while (whole[end] != (byte) 0xFF
            || whole[end + 1] >= 0
            || (whole[end + 1] & 0xF8) == 0xD0) {
          end++;
        }
        for (int k = 0; k < 20; k++) {
          int length = begin + (end - begin - 1) * k / 20;
          assertTrue(
              isRefused(concat(Arrays.copyOf(whole, length), END)),
              entry.getKey() + " cut to " + length + " of " + whole.length);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "large 4:2:0.jpg,256",
    "large progressive.jpg,256",
    "large 4:2:0.jpg,1024",
    "large progressive.jpg,1024"
  })
  void jpegsThatAreOverwrittenInTheMiddle(String name, int bytes) throws IOException {
    byte[] whole = StoredImages.file(name);
    int begin = data(whole);
    byte[] pixels = read(whole).pixels();
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 60; round++) {
      byte[] damaged = whole.clone();
      int at = begin + random.nextInt(whole.length - begin - bytes);
      byte[] written = new byte[bytes];
      if (round % 3 == 0) {
        random.nextBytes(written);
      } else if (round % 3 == 1) {
        Arrays.fill(written, (byte) 0xFF);
      }
      System.arraycopy(written, 0, damaged, at, bytes);
      if (isRefused(damaged)) {
        refused++;
      } else {
        assertEquals(0, wrong(pixels, read(damaged).pixels()), 0.01, "round " + round);
      }
    }
    assertTrue(refused >= 58, refused + " of 60");
  }

  /** Part of the values that are far from what they should be. */
  private static double wrong(byte[] pixels, byte[] found) {
    int wrong = 0;
    for (int k = 0; k < pixels.length; k++) {
      wrong += Math.abs((pixels[k] & 0xFF) - (found[k] & 0xFF)) > 32 ? 1 : 0;
    }
    return (double) wrong / pixels.length;
  }

  /** Nothing can tell all of these, but most. */
  @ParameterizedTest
  @CsvSource({"large 4:2:0.jpg,50", "large progressive.jpg,120", "restarts.jpg,30"})
  void jpegsWithThreeWrongBits(String name, int least) throws IOException {
    byte[] whole = StoredImages.file(name);
    int begin = data(whole);
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 200; round++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k < 3; k++) {
        damaged[begin + random.nextInt(whole.length - begin)] ^= (byte) (1 << random.nextInt(8));
      }
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertTrue(refused >= least, refused + " of 200");
  }

  @Test
  void structureOfJpegs() throws IOException {
    byte[] whole = StoredImages.file("4:2:0.jpg");
    int length = whole.length;
    assertRefused(Arrays.copyOf(whole, length - 2), "the mark of its end is missing");
    assertRefused(
        concat(Arrays.copyOf(whole, length - 2), new byte[] {1, 2, 3, 4}, END),
        "there are data behind row");
    int begin = data(whole);
    byte[] cut = concat(Arrays.copyOf(whole, begin + (length - begin) / 2), END);
    assertRefused(cut, "its data end in row 2 of 3 of blocks");
    byte[] lost = whole.clone();
    lost[ImageKindsTest.find(whole, 0xC4) + 1] = (byte) 0xFE;
    assertRefused(lost, "Huffman table 0 is missing");
    byte[] moved = whole.clone();
    moved[ImageKindsTest.find(whole, 0xC4)] = 0;
    assertRefused(moved, "no marker at offset");
    byte[] twice = concat(Arrays.copyOf(whole, length - 2), scan(whole), END);
    assertRefused(twice, "component 1 comes twice");
    byte[] none = concat(Arrays.copyOf(whole, ImageKindsTest.find(whole, 0xDA)), END);
    assertRefused(none, "component 1 is missing");
  }

  private static byte[] scan(byte[] whole) {
    return Arrays.copyOfRange(whole, ImageKindsTest.find(whole, 0xDA), whole.length - 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"restarts.jpg", "progressive restarts.jpg"})
  void restartMarkersComeInOrder(String name) throws IOException {
    byte[] whole = StoredImages.file(name);
    int markers = 0;
    for (int at = data(whole); at < whole.length - 2; at++) {
      if (whole[at] == (byte) 0xFF && (whole[at + 1] & 0xF8) == 0xD0) {
        byte[] other = whole.clone();
        other[at + 1] ^= 1;
        assertRefused(other, "the restart marker is missing in row");
        byte[] missing =
            concat(Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, at + 2, whole.length));
        assertTrue(isRefused(missing), "without the marker at " + at);
        markers++;
      }
    }
    assertTrue(markers > 1, markers + " markers");
  }

  /** Sides of 65535 pixels in a small file: refused before memory is taken for them. */
  @Test
  void headersAreNotBelieved() throws IOException {
    for (String name : new String[] {"4:2:0.jpg", "progressive.jpg"}) {
      byte[] bytes = StoredImages.file(name);
      int frame = ImageKindsTest.find(bytes, name.startsWith("p") ? 0xC2 : 0xC0);
      Arrays.fill(bytes, frame + 5, frame + 9, (byte) 0xFF);
      assertRefused(bytes, "cut off: its header claims 65535×65535 pixels");
      // So many pixels as are read, and as many blocks as the file could have.
      ByteBuffer.wrap(bytes).putShort(frame + 5, (short) 200).putShort(frame + 7, (short) 100);
      assertRefused(bytes, "row ");
    }
  }

  private static byte[] chunk(String name, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(12 + body.length).putInt(body.length);
    out.put(name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).put(body);
    CRC32 sum = new CRC32();
    sum.update(out.array(), 4, 4 + body.length);
    return out.putInt((int) sum.getValue()).array();
  }

  /** A grey PNG of 3×2 pixels, but for what is to be wrong with it. */
  private static byte[] png(byte[] rows, int cut, byte[]... further) {
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] data = new byte[100];
    int length = deflater.deflate(data) - cut;
    deflater.end();
    byte[] header = {0, 0, 0, 2, 0, 0, 0, 3, 8, 0, 0, 0, 0};
    return concat(
        new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'},
        chunk("IHDR", header),
        concat(further),
        chunk("IDAT", Arrays.copyOf(data, length)),
        chunk("IEND", new byte[0]));
  }

  @Test
  void structureOfPngs() throws IOException {
    byte[] rows = {0, 1, 2, 0, 3, 4, 0, 5, 6};
    byte[] whole = png(rows, 0);
    assertFalse(isRefused(whole));
    assertEquals(6, read(whole).pixels()[5]);
    assertFalse(isRefused(png(rows, 0, chunk("teXt", new byte[7]))), "what need not be known");
    assertRefused(png(rows, 0, chunk("WHAT", new byte[7])), "a chunk of a kind that is not known");
    assertRefused(png(rows, 1), "its compressed data are not whole");
    assertRefused(png(rows, 6), "its compressed data are not whole");
    assertRefused(png(Arrays.copyOf(rows, 8), 0), "too few rows");
    assertRefused(png(Arrays.copyOf(rows, 10), 0), "more rows than its header");
    rows[3] = 5;
    assertRefused(png(rows, 0), "a row with filter 5");
    assertRefused(Arrays.copyOf(whole, whole.length - 12), "cut off: the chunk at offset");
    for (int at = 8; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      assertTrue(isRefused(damaged), "a wrong bit at " + at);
    }
  }

  /** Every single wrong byte of a PNG is found, in whatever chunk it is. */
  @Test
  void pngsTellAllDamage() throws IOException {
    for (Map.Entry<String, StoredImages> entry : StoredImages.all().entrySet()) {
      if (entry.getKey().endsWith(".png")) {
        Random random = new Random(2);
        for (int round = 0; round < 20; round++) {
          byte[] damaged = entry.getValue().file().clone();
          int at = random.nextInt(damaged.length);
          damaged[at] ^= (byte) (1 + random.nextInt(255));
          assertTrue(isRefused(damaged), entry.getKey() + " at " + at);
        }
      }
    }
  }

  /** The JDK takes two zeros for a picture of a telephone. */
  @Test
  void filesOfZerosAreNoImages() throws IOException {
    assertRefused(new byte[5000], "neither PNG nor JPEG");
    assertRefused(new byte[] {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0}, "neither PNG");
  }

  @Test
  void theFolderNamesTheFile() throws IOException {
    byte[] whole = StoredImages.file("large 4:2:0.jpg");
    for (String name : new String[] {"a", "b"}) {
      Path place = Files.createDirectory(folder.resolve(name));
      Files.write(place.resolve("1.jpg"), whole);
      Files.write(place.resolve("2.jpg"), whole);
    }
    assertEquals(2, ImageFolder.load(folder, 1).train().size());
    Path bad = folder.resolve("b/2.jpg");
    Files.write(bad, Arrays.copyOf(whole, whole.length / 2));
    for (int size : new int[] {0, 8}) {
      var e = assertThrows(InvalidDataException.class, () -> ImageFolder.load(folder, 1, size));
      assertTrue(e.getMessage().startsWith(bad + ": damaged, or of an unknown kind (its data end"));
    }
  }
}
