package io.hypertape.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where downloads are kept. Errors are as the file system has them. */
interface Disk {

  /** Whether there is a regular file of this name, or a link to one. */
  boolean isFile(Path file);

  /** Opens a file for reading. */
  InputStream read(Path file) throws IOException;

  /** Makes a folder, and those around it, unless it is there. */
  void createFolder(Path folder) throws IOException;

  /** Names of the regular files in a folder, links not followed; none if it is not there. */
  List<String> list(Path folder) throws IOException;

  /** Time since a file was last written; links are not followed. */
  Duration age(Path file) throws IOException;

  /** Who has a file that is being written. */
  Use use(Path file) throws IOException;

  /** Begins a file that must not be there, links not followed, and locks it. */
  Output create(Path file) throws IOException;

  /** Gives a file another name, in place of what has it; a link is replaced and not followed. */
  void move(Path from, Path to) throws IOException;

  /** Removes a file, if it is there. */
  void delete(Path file) throws IOException;

  /** Whether a process is writing a file. */
  enum Use {
    FREE,
    HELD,
    /** Of a file system that knows no locks. */
    UNKNOWN
  }

  /** A file that is being written. */
  interface Output extends AutoCloseable {

    void write(byte[] bytes, int length) throws IOException;

    @Override
    void close() throws IOException;
  }
}
