package io.hypertape.bindings.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Compiled kernels in a folder: a file each, named by the hash of what it was made from, with a
 * header (a mark, the length and a SHA-256 of the content) that shows up damage. Nothing here
 * throws for what the file system does: without a cache things take longer, that is all.
 */
final class KernelCache {

  private static final System.Logger LOG = System.getLogger(KernelCache.class.getName());
  private static final byte[] MARK = "HTKERN1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final int HEADER = MARK.length + Long.BYTES + DIGEST;
  private static final long MAX_FILE = 256L << 20;

  private final Path folder;

  KernelCache(Path folder) {
    this.folder = folder;
  }

  /** Where kernels go if nobody says where. */
  static Path defaultFolder(Map<String, String> variables, String home) {
    String own = variables.getOrDefault("HYPERTAPE_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own, "kernels");
    }
    String user = variables.getOrDefault("XDG_CACHE_HOME", "");
    Path base = user.isBlank() ? cache(home) : Path.of(user);
    return base.resolve("hypertape").resolve("kernels");
  }

  /**
   * A user without an entry in the system's list has no home, which Java calls '?'; one in whose
   * name the locale's encoding lacks characters cannot be named.
   */
  private static Path cache(String home) {
    try {
      if (!home.isBlank() && !home.equals("?")) {
        return Path.of(home, ".cache");
      }
    } catch (InvalidPathException e) {
      // As if there were none: kernels are compiled anew if they are not kept.
    }
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The name for what was made from these parts; their lengths keep them apart. */
  static String key(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes.length));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  Path file(String key) {
    return folder.resolve(key + ".kernel");
  }

  /** What was kept under a key; empty if there is nothing, or nothing that is whole. */
  Optional<byte[]> read(String key) {
    Path file = file(key);
    try {
      if (Files.size(file) > MAX_FILE) {
        return Optional.empty();
      }
      ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
      if (content.remaining() < HEADER) {
        return damaged(file);
      }
      byte[] mark = new byte[MARK.length];
      byte[] digest = new byte[DIGEST];
      content.get(mark);
      long length = content.getLong();
      content.get(digest);
      byte[] image = new byte[content.remaining()];
      content.get(image);
      boolean whole =
          Arrays.equals(mark, MARK)
              && length == image.length
              && Arrays.equals(digest, sha256().digest(image));
      return whole ? Optional.of(image) : damaged(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot read " + file, e);
      return Optional.empty();
    }
  }

  private static Optional<byte[]> damaged(Path file) {
    LOG.log(System.Logger.Level.DEBUG, "damaged, compiled anew: " + file);
    return Optional.empty();
  }

  /** Keeps an image; other processes see all of it or nothing. */
  void write(String key, byte[] image) {
    Path part = null;
    try {
      Files.createDirectories(folder);
      part = Files.createTempFile(folder, key, ".part");
      ByteBuffer content = ByteBuffer.allocate(HEADER + image.length);
      content.put(MARK).putLong(image.length).put(sha256().digest(image)).put(image);
      Files.write(part, content.array());
      Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot keep a kernel in " + folder, e);
      discard(part);
    }
  }

  private static void discard(Path part) {
    try {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot delete " + part, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
