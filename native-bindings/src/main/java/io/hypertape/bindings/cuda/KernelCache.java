package io.hypertape.bindings.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiled kernels in a folder: a file each, named by the hash of what it was made from, with a
 * header (a mark, the length, and a SHA-256 of name and content) that shows up damage. What is in
 * it will be run, so that it is used only if nobody else can have written it; see {@link
 * FileTrust}. Nothing here throws for what the file system does: without a cache things take
 * longer, that is all. The reason is logged once.
 */
final class KernelCache {

  private static final System.Logger LOG = System.getLogger(KernelCache.class.getName());
  private static final byte[] MARK = "HTKERN2\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final int HEADER = MARK.length + Long.BYTES + DIGEST;
  private static final long MAX_FILE = 256L << 20;

  private final Path folder;
  private FileTrust trust;
  private boolean isTold;

  KernelCache(Path folder) {
    this.folder = folder.toAbsolutePath();
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

  /** What was kept under a key; empty if there is nothing, or nothing that is whole and ours. */
  synchronized Optional<byte[]> read(String key) {
    Path file = file(key);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !isTrusted()) {
        return Optional.empty();
      }
      Optional<String> doubt = trust.doubt(file);
      if (doubt.isPresent()) {
        LOG.log(System.Logger.Level.WARNING, "compiled anew, for " + doubt.get());
        return Optional.empty();
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_FILE) {
        return damaged(file);
      }
      Optional<byte[]> image = content(key, ByteBuffer.wrap(bytes(file)));
      return image.isPresent() ? image : damaged(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      tell("cannot be read: " + e);
      return Optional.empty();
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes((int) MAX_FILE);
    }
  }

  private static Optional<byte[]> content(String key, ByteBuffer file) {
    if (file.remaining() < HEADER) {
      return Optional.empty();
    }
    byte[] mark = new byte[MARK.length];
    byte[] digest = new byte[DIGEST];
    file.get(mark);
    long length = file.getLong();
    file.get(digest);
    byte[] image = new byte[file.remaining()];
    file.get(image);
    boolean whole =
        Arrays.equals(mark, MARK)
            && length == image.length
            && Arrays.equals(digest, digest(key, image));
    return whole ? Optional.of(image) : Optional.empty();
  }

  /** With the key: a file under another one's name is as bad as a damaged one. */
  private static byte[] digest(String key, byte[] image) {
    MessageDigest digest = sha256();
    digest.update(key.getBytes(StandardCharsets.UTF_8));
    return digest.digest(image);
  }

  private static Optional<byte[]> damaged(Path file) {
    LOG.log(System.Logger.Level.DEBUG, "damaged, compiled anew: " + file);
    return Optional.empty();
  }

  /** Keeps an image; other processes see all of it or nothing. */
  synchronized void write(String key, byte[] image) {
    Path part = null;
    try {
      createFolder();
      if (!isTrusted()) {
        return;
      }
      ByteBuffer content = ByteBuffer.allocate(HEADER + image.length);
      content.put(MARK).putLong(image.length).put(digest(key, image)).put(image).flip();
      // New, under a name that nobody foresees, and its owner's alone.
      part = Files.createTempFile(folder, key, ".part");
      writeNew(part, content);
      Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      tell("cannot be written: " + e);
      discard(part);
    }
  }

  private void createFolder() throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ours));
    } else {
      Files.createDirectories(folder);
    }
  }

  private void writeNew(Path part, ByteBuffer content) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
    }
  }

  /** Whether nobody else can have put there what is in the folder. */
  private boolean isTrusted() throws IOException {
    if (trust == null) {
      trust = FileTrust.ofProcess();
    }
    Optional<String> doubt = trust.doubt(folder);
    if (doubt.isEmpty()) {
      doubt = trust.doubtAbove(folder);
    }
    doubt.ifPresent(this::tell);
    return doubt.isEmpty();
  }

  private void tell(String reason) {
    System.Logger.Level level = isTold ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    isTold = true;
    LOG.log(
        level,
        "compiled kernels are not kept in "
            + folder
            + ", nor taken from there ("
            + reason
            + "); each process compiles them for itself; HYPERTAPE_CACHE names another folder");
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
