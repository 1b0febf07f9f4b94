package io.hypertape.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a tar archive (POSIX ustar and GNU) from its beginning to its end. Nothing is unpacked to
 * the disk, so that names lead nowhere, and what a header claims is never allocated.
 */
final class TarReader {

  /** Bytes beyond which an archive is taken for hostile: a few kilobytes can unpack to any size. */
  private static final long LIMIT = 1L << 30;

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE = 12;
  private static final int SUM_AT = 148;
  private static final int SUM = 8;
  private static final int TYPE_AT = 156;

  private final InputStream in;
  private final String archive;
  private final byte[] header = new byte[BLOCK];
  private long left;
  private long padding;
  private long total;
  private String name = "";

  TarReader(InputStream in, String archive) {
    this.in = in;
    this.archive = archive;
  }

  /** Moves to the next plain file; false at the archive's end. */
  boolean next() throws IOException {
    while (true) {
      skip(left + padding);
      left = 0;
      padding = 0;
      int read = in.readNBytes(header, 0, BLOCK);
      // Two blocks of zeros end an archive; the file's end does too.
      if (read == 0 || (read == BLOCK && isZero())) {
        return false;
      }
      if (read < BLOCK) {
        throw new InvalidDataException(
            archive + ": cut off: " + read + " bytes of an archive's header of " + BLOCK);
      }
      checkSum();
      left = octal(SIZE_AT, SIZE, "size");
      padding = (BLOCK - left % BLOCK) % BLOCK;
      name = text(0, NAME);
      total += BLOCK + left;
      if (total > LIMIT) {
        throw new InvalidDataException(
            archive + ": unpacks to more than " + LIMIT + " bytes; this is not the archive wanted");
      }
      if (header[TYPE_AT] == '0' || header[TYPE_AT] == 0) {
        return true;
      }
    }
  }

  private boolean isZero() {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void checkSum() throws InvalidDataException {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= SUM_AT && i < SUM_AT + SUM ? ' ' : header[i] & 0xFF;
    }
    if (sum != octal(SUM_AT, SUM, "checksum")) {
      throw new InvalidDataException(archive + ": no tar archive, or a damaged one");
    }
  }

  private long octal(int at, int length, String what) throws InvalidDataException {
    String digits = text(at, length).trim();
    if (!digits.matches("[0-7]{1,11}")) {
      throw new InvalidDataException(
          archive + ": no tar archive, or a damaged one: no octal number as an entry's " + what);
    }
    return Long.parseLong(digits, 8);
  }

  private String text(int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(header, at, end), StandardCharsets.ISO_8859_1);
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw new InvalidDataException(archive + ": cut off within " + name);
    }
  }

  /** Path of the current file in the archive. */
  String name() {
    return name;
  }

  /** Bytes of the current file. */
  long size() {
    return left;
  }

  /** Fills an array's part with the current file's next bytes; returns how many there were. */
  int read(byte[] target, int from, int length) throws IOException {
    int read = in.readNBytes(target, from, (int) Math.min(length, left));
    left -= read;
    return read;
  }
}
