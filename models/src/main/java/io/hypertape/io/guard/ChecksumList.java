package io.hypertape.io.guard;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file beside others that tells their SHA-256, for those which have no room for a checksum of
 * their own; {@code sha256sum -c} reads it.
 */
public final class ChecksumList {

  /** How the names of such files end. */
  public static final String ENDING = ".sha256";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^/\\\\]+)");
  private static final long MAX_SIZE = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private ChecksumList() {}

  /**
   * Writes a list.
   *
   * @param list its file
   * @param files what it tells of, in the same folder; those that are not there are left out
   * @throws IOException if one cannot be read, or the list not be written
   */
  public static void write(Path list, List<Path> files) throws IOException {
    Nulls.check(list, "write: list");
    StringBuilder text = new StringBuilder();
    for (Path file : Nulls.checkAll(files, "write: files")) {
      if (Files.exists(file)) {
        text.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
      }
    }
    AtomicFile.write(list, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads a list.
   *
   * @param list its file
   * @return SHA-256 in hexadecimal digits, by the files' names
   * @throws IOException if it cannot be read, or is none
   */
  public static Map<String, String> read(Path list) throws IOException {
    Nulls.check(list, "read: list");
    RegularFile.check(list, "a list of checksums");
    if (Files.size(list) > MAX_SIZE) {
      throw new IOException(list + ": no list of checksums, as it is larger than " + MAX_SIZE);
    }
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : new String(Files.readAllBytes(list), StandardCharsets.UTF_8).split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IOException(
            list + ": no list of checksums; a line has 64 hexadecimal digits and a file's name");
      }
      sums.put(matcher.group(2), matcher.group(1));
    }
    return sums;
  }

  /**
   * The SHA-256 of a file (FIPS 180-4).
   *
   * @param file the file
   * @return its digits, hexadecimal
   * @throws IOException if it cannot be read
   */
  public static String sha256(Path file) throws IOException {
    Nulls.check(file, "sha256: file");
    RegularFile.check(file);
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
