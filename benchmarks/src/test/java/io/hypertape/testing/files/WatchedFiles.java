package io.hypertape.testing.files;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * The system's files, and somebody who is told before and after whatever changes them: a JVM that
 * is started with {@code -Djava.nio.file.spi.DefaultFileSystemProvider} and this class's name has
 * no other. What is written to a stream is written in halves, since a process can be killed within
 * a write. What is written through channels is told of when they are opened.
 */
public final class WatchedFiles extends FileSystemProvider {

  /** The property that names a JVM's file system. */
  public static final String PROPERTY = "java.nio.file.spi.DefaultFileSystemProvider";

  /** Is told of changes. */
  @FunctionalInterface
  public interface Watcher {

    /**
     * Something is about to change, or has been changed.
     *
     * @param change what
     * @param file of which file, as the system's own provider has it
     * @throws IOException fails the change
     */
    void told(String change, Path file) throws IOException;
  }

  private static volatile Watcher watcher = (change, file) -> {};
  private static volatile Watcher reader = (change, file) -> {};

  private final FileSystemProvider system;
  private final WatchedFileSystem files;

  /**
   * As the JVM makes it.
   *
   * @param system the system's own
   */
  public WatchedFiles(FileSystemProvider system) {
    this.system = system;
    this.files = new WatchedFileSystem(this, system.getFileSystem(URI.create("file:///")));
  }

  /**
   * From now on this one is told.
   *
   * @param newWatcher is told
   */
  public static void tell(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /**
   * From now on this one is told of what only reads, before it is done.
   *
   * @param newReader is told
   */
  public static void tellOfReading(Watcher newReader) {
    reader = newReader;
  }

  static void tellOfReading(String what, Path file) throws IOException {
    reader.told(what, unwatched(file));
  }

  /**
   * A path as the system's own provider has it: what is done with it is not watched.
   *
   * @param path a watched one
   * @return the other
   */
  public static Path unwatched(Path path) {
    return path instanceof WatchedPath watched ? watched.path() : path;
  }

  /** Does something before and after which the watcher is told. */
  @FunctionalInterface
  interface Change<T> {
    T run() throws IOException;
  }

  static <T> T change(String name, Path file, Change<T> change) throws IOException {
    watcher.told("before " + name, unwatched(file));
    T result = change.run();
    watcher.told("after " + name, unwatched(file));
    return result;
  }

  private static boolean isWriting(Iterable<? extends OpenOption> options) {
    for (OpenOption option : options) {
      if (option == StandardOpenOption.WRITE || option == StandardOpenOption.APPEND) {
        return true;
      }
    }
    return false;
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    Path file = unwatched(path);
    OutputStream out = change("open", path, () -> system.newOutputStream(file, options));
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        int half = length / 2;
        watcher.told("before write", file);
        out.write(bytes, from, half);
        watcher.told("within write", file);
        out.write(bytes, from + half, length - half);
        watcher.told("after write", file);
      }
    };
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (!isWriting(options)) {
      tellOfReading("open", path);
    }
    FileChannel channel =
        isWriting(options)
            ? change(
                "open", path, () -> system.newFileChannel(unwatched(path), options, attributes))
            : system.newFileChannel(unwatched(path), options, attributes);
    return new WatchedChannel(channel, unwatched(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    return system.newAsynchronousFileChannel(unwatched(path), options, executor, attributes);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    change(
        "create folder",
        folder,
        () -> {
          system.createDirectory(unwatched(folder), attributes);
          return null;
        });
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    system.createSymbolicLink(unwatched(link), unwatched(target), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    change(
        "delete",
        path,
        () -> {
          system.delete(unwatched(path));
          return null;
        });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    change(
        "copy",
        target,
        () -> {
          system.copy(unwatched(source), unwatched(target), options);
          return null;
        });
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    change(
        "move " + source.getFileName(),
        target,
        () -> {
          system.move(unwatched(source), unwatched(target), options);
          return null;
        });
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    system.setAttribute(unwatched(path), name, value, options);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    tellOfReading("list", folder);
    DirectoryStream<Path> found =
        system.newDirectoryStream(unwatched(folder), path -> filter.accept(files.watched(path)));
    List<Path> all;
    try (found) {
      all = new java.util.ArrayList<>();
      found.forEach(path -> all.add(files.watched(path)));
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return all.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String getScheme() {
    return system.getScheme();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
    return system.newFileSystem(uri, environment);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return files;
  }

  @Override
  public Path getPath(URI uri) {
    return files.watched(system.getPath(uri));
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    tellOfReading("open", path);
    InputStream in = system.newInputStream(unwatched(path), options);
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        tellOfReading("read", path);
        return in.read(bytes, from, length);
      }
    };
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return files.watched(system.readSymbolicLink(unwatched(link)));
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return system.isSameFile(unwatched(one), unwatched(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return system.isHidden(unwatched(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return system.getFileStore(unwatched(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    system.checkAccess(unwatched(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return system.getFileAttributeView(unwatched(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return system.readAttributes(unwatched(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return system.readAttributes(unwatched(path), names, options);
  }
}
