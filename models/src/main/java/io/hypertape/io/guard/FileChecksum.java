package io.hypertape.io.guard;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A checksum that a file with JSON in it has of all its bytes, as {@code "checksum":
 * "crc32c:89abcdef"}: the CRC-32C (RFC 3720, appendix B.4) of the file with eight zeros as its
 * digits.
 */
public final class FileChecksum {

  /** Name of the entry. */
  public static final String KEY = "checksum";

  private static final String KIND = "crc32c:";
  private static final String NO_DIGITS = "00000000";

  /** What stands in place of a checksum while it is taken. */
  public static final String BLANK = KIND + NO_DIGITS;

  // Within a text of JSON the quotes would be escaped: only an entry can look so.
  private static final Pattern ENTRY =
      Pattern.compile('"' + KEY + "\"\\s*:\\s*\"" + KIND + "([0-9a-f]{8})\"");

  private FileChecksum() {}

  // What has no checksum differs from what has one in more bytes.
  private static final int FEW = 4;

  /**
   * Whether a file without a checksum begins almost as one that has it: that was damaged.
   *
   * @param json the file's first bytes
   * @param beginning what stands before the checksum
   * @return true if few of them are others
   */
  public static boolean isLost(byte[] json, String beginning) {
    byte[] expected = (beginning + "\"" + KIND).getBytes(StandardCharsets.US_ASCII);
    int wrong = 0;
    for (int i = 0; i < expected.length; i++) {
      wrong += i < json.length && json[i] == expected[i] ? 0 : 1;
    }
    return wrong <= FEW;
  }

  /**
   * Whether a text of an entry {@value #KEY} is a checksum of this kind.
   *
   * @param text the text
   * @return true if it is
   */
  public static boolean isOne(String text) {
    return text.matches(KIND + "[0-9a-f]{8}");
  }

  /**
   * A checksum as it stands in a file.
   *
   * @param sum of the file's bytes
   * @return its text
   */
  public static String text(CRC32C sum) {
    return KIND + digits(sum);
  }

  private static String digits(CRC32C sum) {
    return String.format(Locale.ROOT, "%08x", sum.getValue());
  }

  /**
   * Where the digits are in a file.
   *
   * @param json its bytes
   * @return the place of the first digit, or −1
   */
  public static int digitsAt(byte[] json) {
    Matcher entry = ENTRY.matcher(new String(json, StandardCharsets.ISO_8859_1));
    return entry.find() ? entry.start(1) : -1;
  }

  /**
   * A file as its checksum is taken of it.
   *
   * @param bytes the file's, which stay as they are
   * @param digitsAt where the digits are
   * @return bytes with zeros as the digits
   */
  public static byte[] blanked(byte[] bytes, int digitsAt) {
    byte[] blanked = bytes.clone();
    put(NO_DIGITS, blanked, digitsAt);
    return blanked;
  }

  /**
   * Puts digits in their place.
   *
   * @param sum whose digits
   * @param bytes the file's, which are changed
   * @param digitsAt where the digits are
   */
  public static void put(CRC32C sum, byte[] bytes, int digitsAt) {
    put(digits(sum), bytes, digitsAt);
  }

  private static void put(String digits, byte[] bytes, int at) {
    System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, NO_DIGITS.length());
  }
}
