package io.hypertape.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The file system. */
final class LocalDisk implements Disk {

  /** What this process writes: to ask the system for a lock would let go of its own ones. */
  private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

  @Override
  public boolean isFile(Path file) {
    return Files.isRegularFile(file);
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return Cancelling.stream(Files.newInputStream(file), file);
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    // One that is reached through a link is there, which createDirectories does not see.
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS))
          .map(child -> child.getFileName().toString())
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public Duration age(Path file) throws IOException {
    return Duration.between(
        Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant(), Instant.now());
  }

  @Override
  public Use use(Path file) throws IOException {
    if (WRITTEN.contains(file.toAbsolutePath())) {
      return Use.HELD;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      return locked(channel);
    }
  }

  private static Use locked(FileChannel channel) {
    try {
      return channel.tryLock() == null ? Use.HELD : Use.FREE;
    } catch (IOException e) {
      return Use.UNKNOWN;
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    Path name = file.toAbsolutePath();
    WRITTEN.add(name);
    // Where there are no locks, the file's age tells that it is in use.
    locked(channel);
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }

      @Override
      public void close() throws IOException {
        WRITTEN.remove(name);
        channel.close();
      }
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}
