package io.hypertape.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8() {}

  /** The file's code points, without a byte order mark. */
  static int[] read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = DataFile.open(file, "a text file")) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
    if (bytes.length > LIMIT) {
      throw new InvalidDataException(
          file + ": more than " + LIMIT + " bytes of text, more than is read");
    }
    if (bytes.length < POINTER && new String(bytes, StandardCharsets.UTF_8).startsWith(LFS)) {
      // Valid as a text, and never meant.
      throw DataFile.other(file, file + ": no text to learn from");
    }
    CharBuffer text = decode(file, bytes);
    if (text.hasRemaining() && text.get(0) == BYTE_ORDER_MARK) {
      text.get();
    }
    return text.codePoints().toArray();
  }

  private static CharBuffer decode(Path file, byte[] bytes) throws InvalidDataException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    // A byte gives at most one char.
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      int at = in.position();
      int line = 1;
      for (int i = 0; i < at; i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw DataFile.other(
          file,
          String.format(
              Locale.ROOT,
              "%s: not UTF-8: byte 0x%02x at offset %d (line %d); iconv or an editor converts it",
              file,
              bytes[at] & 0xFF,
              at,
              line));
    }
    decoder.flush(out);
    return out.flip();
  }
}
