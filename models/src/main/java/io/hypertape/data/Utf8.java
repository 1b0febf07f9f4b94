package io.hypertape.data;

import io.hypertape.io.guard.HeapRoom;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipException;

/** Reads a text strictly: what is no UTF-8 is an error that says where. */
final class Utf8 {

  /** Bytes that a text may have, unpacked. */
  static final int LIMIT = 1 << 27;

  /**
   * How a file begins that Git LFS has left in the place of another, and what it is shorter than.
   */
  private static final String LFS = "version https://git-lfs";

  private static final int POINTER = 1024;

  /** Bytes of memory a byte of text: while it is read once and a half, then its numbers twice. */
  private static final long MEMORY = 6;

  private static final int CHUNK = 1 << 16;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8() {}

  /** The file's code points, without a byte order mark. */
  static int[] read(Path file, HeapRoom room) throws IOException {
    byte[] bytes;
    try (DataFile.Opened in = DataFile.opened(file, "a text file")) {
      bytes = bytes(file, in, room);
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
    if (bytes.length < POINTER && new String(bytes, StandardCharsets.UTF_8).startsWith(LFS)) {
      // Valid as a text, and never meant.
      throw DataFile.other(file, file + ": no text to learn from");
    }
    int[] text = decode(file, bytes);
    return text.length > 0 && text[0] == BYTE_ORDER_MARK
        ? Arrays.copyOfRange(text, 1, text.length)
        : text;
  }

  /** All bytes, taken as they come: what they unpack to nobody has promised. */
  private static byte[] bytes(Path file, DataFile.Opened in, HeapRoom room) throws IOException {
    if (!in.packed()) {
      check(file, in.most(), room, "");
    }
    byte[] bytes = new byte[(int) Math.min(in.most() + 1, CHUNK)];
    int size = 0;
    while (true) {
      int n = in.in().read(bytes, size, bytes.length - size);
      if (n < 0) {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
      }
      size += n;
      if (size == bytes.length) {
        long wanted = Math.min(2L * size, Math.max(size + 1L, in.most() + 1));
        check(file, size + 1L, room, " and more");
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, LIMIT + 1L));
      }
    }
  }

  private static void check(Path file, long size, HeapRoom room, String more)
      throws InvalidDataException {
    if (size > LIMIT) {
      throw new InvalidDataException(
          file + ": more than " + LIMIT + " bytes of text, more than is read");
    }
    if (!room.fits(MEMORY * size)) {
      throw new InvalidDataException(
          file + ": " + room.lacking(size + " bytes of text" + more, MEMORY * size));
    }
  }

  private static int[] decode(Path file, byte[] bytes) throws InvalidDataException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(CHUNK);
    int[] text = new int[characters(bytes)];
    int count = 0;
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      out.flip();
      // A part never ends within a pair of surrogates.
      while (out.hasRemaining() && count < text.length) {
        text[count] = Character.codePointAt(out, 0);
        out.position(out.position() + Character.charCount(text[count++]));
      }
      out.clear();
      if (result.isError()) {
        throw notUtf8(file, bytes, in.position());
      }
      if (result.isUnderflow()) {
        return text;
      }
    }
  }

  /** Bytes that begin a character: all but those that continue one. */
  private static int characters(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      count += (b & 0xC0) == 0x80 ? 0 : 1;
    }
    return count;
  }

  private static InvalidDataException notUtf8(Path file, byte[] bytes, int at) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return DataFile.other(
        file,
        String.format(
            Locale.ROOT,
            "%s: not UTF-8: byte 0x%02x at offset %d (line %d); iconv or an editor converts it",
            file,
            bytes[at] & 0xFF,
            at,
            line));
  }
}
