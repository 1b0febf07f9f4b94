package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.HeapRoom;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipException;

/**
 * Reads IDX files (LeCun, Cortes, Burges): a big-endian header, then bytes. Compressed with gzip or
 * not, as the first bytes tell. A header is never believed: memory is taken as bytes arrive.
 */
public final class Idx {

  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;
  private static final int CHUNK = 1 << 20;

  /** Rows or columns beyond which a file is taken for damaged. */
  private static final int MAX_SIDE = 1 << 14;

  private Idx() {}

  /**
   * Images of one size.
   *
   * @param count how many
   * @param height rows of pixels
   * @param width columns of pixels
   * @param pixels [count, height, width]
   */
  public record Images(int count, int height, int width, byte[] pixels) {

    /** Checks that all is there. */
    public Images {
      Nulls.check(pixels, "images: pixels");
    }
  }

  /**
   * Reads images.
   *
   * @param file an IDX file of unsigned bytes in three dimensions
   * @return the images
   * @throws InvalidDataException if it is cut off, too long or of another kind
   * @throws IOException if it cannot be read
   */
  public static Images readImages(Path file) throws IOException {
    Nulls.check(file, "images: file");
    return readImages(file, HeapRoom.ofJvm(), new Checksum());
  }

  /** The same within some room, which keeps the images; the sum is that of all bytes, unpacked. */
  static Images readImages(Path file, HeapRoom room, Checksum sum) throws IOException {
    try (DataFile.Opened opened = DataFile.opened(file, "an IDX file")) {
      InputStream in = sum.of(opened.in());
      int[] sizes = header(file, in, IMAGES, "images", 3);
      if (sizes[1] < 1 || sizes[2] < 1 || sizes[1] > MAX_SIDE || sizes[2] > MAX_SIDE) {
        throw new InvalidDataException(
            file
                + ": images of "
                + sizes[1]
                + "×"
                + sizes[2]
                + " pixels; sides of 1 to "
                + MAX_SIDE
                + " are expected");
      }
      long bytes = (long) sizes[0] * sizes[1] * sizes[2];
      String what = sizes[0] + " images of " + sizes[1] + "×" + sizes[2];
      byte[] pixels = body(file, in, bytes, new Claim(what, 16, opened, room));
      return new Images(sizes[0], sizes[1], sizes[2], pixels);
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
  }

  /**
   * Reads labels.
   *
   * @param file an IDX file of unsigned bytes in one dimension
   * @param classes number of classes
   * @return the labels, 0 to classes − 1
   * @throws InvalidDataException if it is cut off, too long, of another kind, or has another label
   * @throws IOException if it cannot be read
   */
  public static byte[] readLabels(Path file, int classes) throws IOException {
    Nulls.check(file, "labels: file");
    return readLabels(file, classes, HeapRoom.ofJvm(), new Checksum());
  }

  /** The same within some room, which keeps the labels; the sum is that of all bytes, unpacked. */
  static byte[] readLabels(Path file, int classes, HeapRoom room, Checksum sum) throws IOException {
    try (DataFile.Opened opened = DataFile.opened(file, "an IDX file")) {
      InputStream in = sum.of(opened.in());
      int[] sizes = header(file, in, LABELS, "labels", 1);
      byte[] labels = body(file, in, sizes[0], new Claim(sizes[0] + " labels", 8, opened, room));
      for (int i = 0; i < labels.length; i++) {
        if ((labels[i] & 0xFF) >= classes) {
          throw new InvalidDataException(
              file
                  + ": label "
                  + i
                  + " is "
                  + (labels[i] & 0xFF)
                  + ", outside 0.."
                  + (classes - 1));
        }
      }
      return labels;
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
  }

  private static int[] header(Path file, InputStream in, int magic, String what, int dimensions)
      throws IOException {
    byte[] bytes = in.readNBytes(4 + 4 * dimensions);
    if (bytes.length >= 4 && number(bytes, 0) != magic) {
      throw DataFile.other(
          file,
          String.format(
              Locale.ROOT,
              "%s: begins with 0x%08x; an IDX file of %s begins with 0x%08x",
              file,
              number(bytes, 0),
              what,
              magic));
    }
    if (bytes.length < 4 + 4 * dimensions) {
      throw DataFile.other(
          file,
          file
              + ": cut off: "
              + bytes.length
              + " bytes, but the header of an IDX file of "
              + what
              + " has "
              + (4 + 4 * dimensions));
    }
    int[] sizes = new int[dimensions];
    for (int k = 0; k < dimensions; k++) {
      sizes[k] = number(bytes, 4 + 4 * k);
      if (sizes[k] < 0) {
        throw new InvalidDataException(
            file
                + ": dimension "
                + k
                + " is "
                + (sizes[k] & 0xFFFFFFFFL)
                + ", more than fits; the header is damaged");
      }
    }
    return sizes;
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | bytes[at + 3] & 0xFF;
  }

  /** What a header says, and what can be true of it. */
  private record Claim(String what, int header, DataFile.Opened file, HeapRoom room) {

    /** Before anything is allocated. */
    void check(Path path, long claimed) throws InvalidDataException {
      long most = file.most() - header;
      if (claimed > most) {
        throw new InvalidDataException(
            path
                + ": cut off: the header claims "
                + claimed
                + " bytes, "
                + Math.max(0, most)
                + (file.packed() ? " can be there at the most" : " are there"));
      }
      // While an array grows, one of half its size is there as well.
      long needed = file.packed() ? claimed + claimed / 2 : claimed;
      if (claimed > Integer.MAX_VALUE - 8) {
        throw new InvalidDataException(
            path + ": the header claims " + claimed + " bytes, more than fits in memory");
      }
      if (!room.fits(needed)) {
        throw new InvalidDataException(
            path + ": " + room.lacking(what, needed) + "; fewer of them would fit");
      }
    }
  }

  /** Exactly as many bytes as the header claims, taken in chunks. */
  private static byte[] body(Path file, InputStream in, long claimed, Claim claim)
      throws IOException {
    claim.check(file, claimed);
    int first = claim.file().packed() ? CHUNK : Integer.MAX_VALUE;
    byte[] bytes = new byte[(int) Math.min(claimed, first)];
    int size = 0;
    while (size < claimed) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(claimed, 2L * bytes.length));
      }
      int read = in.read(bytes, size, bytes.length - size);
      if (read < 0) {
        throw new InvalidDataException(
            file + ": cut off: the header claims " + claimed + " bytes, " + size + " are there");
      }
      size += read;
    }
    if (in.read() >= 0) {
      throw new InvalidDataException(
          file + ": more bytes than the " + claimed + " that the header claims");
    }
    claim.room().keep(bytes.length);
    return bytes;
  }
}
