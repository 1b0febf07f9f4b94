package io.hypertape.testing.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of watched files. */
record WatchedPath(WatchedFileSystem files, Path path) implements Path {

  private Path watched(Path other) {
    return files.watched(other);
  }

  @Override
  public FileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return path.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return watched(path.getRoot());
  }

  @Override
  public Path getFileName() {
    return watched(path.getFileName());
  }

  @Override
  public Path getParent() {
    return watched(path.getParent());
  }

  @Override
  public int getNameCount() {
    return path.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return watched(path.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return watched(path.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return path.startsWith(WatchedFiles.unwatched(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return path.endsWith(WatchedFiles.unwatched(other));
  }

  @Override
  public Path normalize() {
    return watched(path.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return watched(path.resolve(WatchedFiles.unwatched(other)));
  }

  @Override
  public Path relativize(Path other) {
    return watched(path.relativize(WatchedFiles.unwatched(other)));
  }

  @Override
  public URI toUri() {
    return path.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return watched(path.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return watched(path.toRealPath(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    return path.register(watcher, events, modifiers);
  }

  @Override
  public int compareTo(Path other) {
    return path.compareTo(WatchedFiles.unwatched(other));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WatchedPath watched && path.equals(watched.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
