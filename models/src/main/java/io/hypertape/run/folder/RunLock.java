package io.hypertape.run.folder;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a folder for one run at a time. While it is held there is a file {@value #FILE}, which the
 * system locks and which says whose it is; it goes away when the lock is closed. If its process
 * ends without that, as on kill -9, the system lets go of the lock, and the next run takes the file
 * over. Where the file system knows no locks, the file alone counts, and is taken over once the
 * process that it names has ended.
 */
public final class RunLock implements AutoCloseable {

  /** Name of the file. */
  public static final String FILE = "run.lock";

  private static final Logger LOG = System.getLogger(RunLock.class.getName());

  // A byte behind all that is written: on Windows nobody could read what is locked.
  private static final long LOCKED_AT = 1L << 30;
  static final int LONGEST = 1000;
  private static final int ATTEMPTS = 100;

  /**
   * Folders that this process holds. POSIX lets go of a file's lock when any descriptor of that
   * file is closed in the same process, so that a second run must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Locks a file as the system does; null if another process has it. */
  @FunctionalInterface
  interface Locker {
    FileLock tryLock(FileChannel channel) throws IOException;
  }

  private final Path folder;
  private final Path file;
  private final Object key;
  // Null where the file system knows no locks: closing it is letting go.
  private final FileChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RunLock(Path folder, Path file, FileChannel channel) throws IOException {
    this.folder = folder;
    this.file = file;
    this.key = key(file);
    this.channel = channel;
  }

  /**
   * Takes a folder.
   *
   * @param folder where it is; it must be there
   * @return the lock, to be closed when the run has ended
   * @throws IOException if another run has it (the message says which process), or the file cannot
   *     be written
   */
  public static RunLock take(Path folder) throws IOException {
    Nulls.check(folder, "run: folder");
    return take(folder, channel -> channel.tryLock(LOCKED_AT, 1, false));
  }

  static RunLock take(Path folder, Locker locker) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw new IOException(
          folder
              + ": a run is at work in this folder, in this same process ("
              + ProcessHandle.current().pid()
              + "); name another folder");
    }
    try {
      return taken(folder, real, locker);
    } catch (Throwable e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static RunLock taken(Path folder, Path real, Locker locker) throws IOException {
    Path file = real.resolve(FILE);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      boolean created = create(file);
      Object key = key(file);
      FileChannel channel = open(file);
      if (channel == null) {
        // It went away in between.
        continue;
      }
      try {
        Optional<RunLock> lock = lock(folder, real, created, channel, locker);
        // Whoever had it may have removed it while this one was opened: the lock of a file that is
        // nowhere keeps nobody away.
        if (lock.isPresent() && Objects.equals(key, key(file))) {
          return lock.get();
        }
        channel.close();
      } catch (Throwable e) {
        channel.close();
        throw e;
      }
    }
    throw new IOException(file + ": others create and remove it all the time");
  }

  private static boolean create(Path file) throws IOException {
    try {
      Files.createFile(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      // A link, or a pipe, that somebody has put there: what it leads to must not be written.
      if (!attributes(file).isRegularFile()) {
        throw new IOException(
            file + ": no file but a link, a folder or a device; remove it, if no run is at work");
      }
      return FileChannel.open(
          file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** What tells a file from another of the same name; null where the system has nothing so. */
  private static Object key(Path file) throws IOException {
    try {
      return attributes(file).fileKey();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** The lock; empty if it is worth another attempt. */
  private static Optional<RunLock> lock(
      Path folder, Path real, boolean created, FileChannel channel, Locker locker)
      throws IOException {
    Path file = real.resolve(FILE);
    FileLock lock;
    try {
      lock = locker.tryLock(channel);
    } catch (OverlappingFileLockException e) {
      // A copy of this class that another class loader has.
      throw inUse(folder, channel);
    } catch (IOException e) {
      return withoutLocks(folder, real, created, channel, e);
    }
    if (lock == null) {
      throw inUse(folder, channel);
    }
    if (LockOwner.parse(read(channel)).filter(LockOwner::isAnotherAtWork).isPresent()) {
      // Its lock is lost, as POSIX has it when the process reads the file itself; the run is not.
      throw new IOException(inUse(folder, channel).getMessage() + advice(folder));
    }
    write(channel);
    return Optional.of(new RunLock(real, file, channel));
  }

  /** The file alone: it is another's unless it was made just now or its process has ended. */
  private static Optional<RunLock> withoutLocks(
      Path folder, Path real, boolean created, FileChannel channel, IOException reason)
      throws IOException {
    Path file = real.resolve(FILE);
    if (!created) {
      Optional<LockOwner> owner = LockOwner.parse(read(channel));
      if (owner.isEmpty() || !owner.get().hasEnded()) {
        throw new IOException(
            inUse(folder, channel).getMessage()
                + advice(folder)
                + " (the file system knows no locks: "
                + reason.getMessage()
                + ")");
      }
      Files.deleteIfExists(file);
      return Optional.empty();
    }
    LOG.log(
        Level.INFO,
        () ->
            folder
                + ": the file system knows no locks ("
                + reason.getMessage()
                + "); "
                + FILE
                + " alone keeps other runs away, and stays if this process is killed");
    write(channel);
    channel.close();
    return Optional.of(new RunLock(real, file, null));
  }

  private static String advice(Path folder) {
    return "; if that has ended, remove " + folder.resolve(FILE);
  }

  private static IOException inUse(Path folder, FileChannel channel) throws IOException {
    return new IOException(
        folder
            + ": a run is at work in this folder ("
            + LockOwner.parse(read(channel))
                .map(LockOwner::toString)
                .orElse("of an unknown process")
            + "); name another folder, or wait for its end");
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
      // Until all is read.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static void write(FileChannel channel) throws IOException {
    channel.truncate(0);
    ByteBuffer text = ByteBuffer.wrap(LockOwner.self().text().getBytes(StandardCharsets.UTF_8));
    while (text.hasRemaining()) {
      channel.write(text, text.position());
    }
  }

  /**
   * Whether the folder is still the one that was taken: it can be removed or renamed meanwhile, and
   * another be put in its place.
   *
   * @return false if what is written there now is not kept with what was written before
   * @throws IOException if that cannot be told
   */
  public boolean isThere() throws IOException {
    return Objects.equals(key, key(file));
  }

  /**
   * Lets go of the folder.
   *
   * @throws IOException if the file cannot be removed; the folder is free all the same
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      // Removed while it is still locked: afterwards it may be another's.
      if (isThere()) {
        Files.deleteIfExists(file);
      }
    } finally {
      try {
        if (channel != null) {
          channel.close();
        }
      } finally {
        HELD.remove(folder);
      }
    }
  }
}
