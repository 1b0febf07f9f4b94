package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of JPEG and PNG gives the pixels that Pillow, and so torchvision, finds in it. */
class ImageKindsTest {

  private static final Path FILE = Path.of("image");

  private static ImageFile read(byte[] bytes) throws IOException {
    return ImageFile.read(FILE, bytes.clone());
  }

  private static long sum(ImageFile image) {
    CRC32 sum = new CRC32();
    sum.update(image.pixels());
    return sum.getValue();
  }

  @Test
  void pixelsAreThoseThatPillowFinds() throws IOException {
    for (Map.Entry<String, StoredImages> entry : StoredImages.all().entrySet()) {
      ImageFile image = read(entry.getValue().file());
      assertEquals(entry.getValue().height(), image.height(), entry.getKey());
      assertEquals(entry.getValue().width(), image.width(), entry.getKey());
      assertEquals(entry.getValue().crc32(), sum(image), entry.getKey());
      assertEquals(entry.getKey().contains("grey"), image.grey(), entry.getKey());
    }
    assertEquals(56, StoredImages.all().size());
  }

  /** A segment: its marker, and what it says. */
  private static byte[] segment(int marker, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0xFF);
    out.write(marker);
    out.write(body.length + 2 >> 8);
    out.write(body.length + 2);
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static byte[] profile(int number, int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1));
    out.write(number);
    out.write(count);
    out.writeBytes(new byte[300]);
    return segment(0xE2, out.toByteArray());
  }

  /** Where a JPEG's marker stands. */
  static int find(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != marker) {
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
    }
    return at;
  }

  private static byte[] insert(byte[] file, int at, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  /** Profiles are not applied, so that it matters neither where they stand nor what they say. */
  @ParameterizedTest
  @CsvSource({
    "4:2:0.jpg,0xC0",
    "4:2:0.jpg,0xC4",
    "4:2:0.jpg,0xDA",
    "progressive.jpg,0xC2",
    "grey.jpg,0xC0",
    "CMYK.jpg,0xC0",
    "RGB.jpg,0xDA"
  })
  void profilesAreLeftOutWhereverTheyStand(String name, String before) throws IOException {
    byte[] plain = StoredImages.file(name);
    int marker = Integer.decode(before);
    int at = find(plain, marker);
    int behind = at + 2 + ((plain[at + 2] & 0xFF) << 8 | plain[at + 3] & 0xFF);
    long wanted = StoredImages.all().get(name).crc32();
    List<byte[]> files =
        List.of(
            insert(plain, at, profile(1, 1)),
            insert(plain, marker == 0xDA ? at : behind, profile(1, 2), profile(2, 2)),
            insert(plain, marker == 0xDA ? at : behind, profile(2, 2), profile(1, 2)),
            insert(plain, at, profile(1, 3)),
            insert(insert(plain, at, profile(1, 1)), 2, profile(1, 1)),
            insert(plain, at, segment(0xE2, new byte[0]), segment(0xFE, new byte[60_000])));
    for (int k = 0; k < files.size(); k++) {
      assertEquals(wanted, sum(read(files.get(k))), name + ", " + k);
    }
  }

  @Test
  void whatIsHarmlessIsNoDamage() throws IOException {
    byte[] plain = StoredImages.file("4:2:0.jpg");
    byte[] pixels = read(plain).pixels();
    // Videos and maps of depth, which phones put behind the picture.
    assertArrayEquals(pixels, read(insert(plain, plain.length, new byte[5000])).pixels());
    assertArrayEquals(pixels, read(insert(plain, plain.length, plain)).pixels());
    // A future version of JFIF; fill bytes before markers; a restart marker at the end.
    byte[] changed = plain.clone();
    changed[11] = 7;
    assertArrayEquals(pixels, read(changed).pixels());
    byte[] fill = {(byte) 0xFF, (byte) 0xFF};
    assertArrayEquals(pixels, read(insert(plain, find(plain, 0xC0), fill)).pixels());
    assertArrayEquals(pixels, read(insert(plain, plain.length - 2, fill)).pixels());
    byte[] restart = {(byte) 0xFF, (byte) 0xD0};
    assertArrayEquals(pixels, read(insert(plain, plain.length - 2, restart)).pixels());
    // The band of coefficients, which says nothing in a sequential scan.
    changed = plain.clone();
    int scan = find(plain, 0xDA);
    changed[scan + 11] = 1;
    changed[scan + 12] = 0;
    assertArrayEquals(pixels, read(changed).pixels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CMYK.jpg", "4:2:0.jpg"})
  void anUnknownTransformIsTakenAsPillowTakesIt(String name) throws IOException {
    byte[] plain = StoredImages.file(name);
    boolean inks = name.equals("CMYK.jpg");
    int at = inks ? find(plain, 0xEE) + 16 : 2;
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 9};
    String wanted = inks ? "YCCK.jpg" : name;
    assertEquals(
        StoredImages.all().get(wanted).crc32(), sum(read(insert(plain, at, segment(0xEE, adobe)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0xC0|0xC9|arithmetic coding; sequential and progressive JPEGs are read",
        "0xC0|0xC3|lossless; sequential and progressive JPEGs are read",
        "0xC0|0xC5|hierarchical; sequential and progressive JPEGs are read",
        "0xC0|0xD8|a second picture begins at"
      })
  void kindsThatAreNotReadAreNamed(String from, String to, String reason) {
    byte[] bytes = StoredImages.file("4:2:0.jpg");
    bytes[find(bytes, Integer.decode(from)) + 1] = Integer.decode(to).byteValue();
    assertRefused(bytes, reason);
  }

  @Test
  void bitsAndComponentsThatAreNotReadAreNamed() {
    byte[] bytes = StoredImages.file("4:2:0.jpg");
    int frame = find(bytes, 0xC0);
    bytes[frame + 4] = 12;
    assertRefused(bytes, "12 bits a sample; JPEGs of 8 are read");
    bytes = StoredImages.file("4:2:0.jpg");
    bytes[frame + 9] = 2;
    assertRefused(bytes, "a frame header of 15 bytes");
    bytes[frame + 3] -= 3;
    assertRefused(bytes, "2 components; 1 (grey), 3 (colours) and 4 (inks) are read");
  }

  private static void assertRefused(byte[] bytes, String reason) {
    var e = assertThrows(InvalidDataException.class, () -> read(bytes));
    assertEquals(
        FILE + ": damaged, or of an unknown kind (",
        e.getMessage().substring(0, e.getMessage().indexOf('(') + 1));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}
