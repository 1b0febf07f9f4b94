package io.hypertape.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A disk in memory on which anything can fail, and whose process can be killed. */
final class SimulatedDisk implements Disk {

  /** The process ends here: nothing of it runs any more, whatever its code would do. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What shall go wrong: the number of the call that it happens at, or never. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final class Entry {
    byte[] bytes = {};
    long written;
    boolean link;
    Use use = Use.FREE;
  }

  private final SimulatedTime time;
  private final Path folder;
  private final Map<String, Entry> files = new TreeMap<>();
  private boolean folderThere;
  private int calls;
  int killedAt = NEVER;
  int deniedAt = NEVER;
  int damagedAt = NEVER;
  long room = Long.MAX_VALUE;
  boolean locks = true;

  SimulatedDisk(SimulatedTime time, Path folder) {
    this.time = time;
    this.folder = folder;
  }

  /** A file of somebody's. */
  void put(String name, byte[] bytes, Duration age, Use use, boolean link) {
    folderThere = true;
    Entry entry = new Entry();
    entry.bytes = bytes;
    entry.written = time.nanos() - age.toNanos();
    entry.use = use;
    entry.link = link;
    files.put(name, entry);
  }

  /** The process is gone, and so are its locks and what was to fail. */
  void restart() {
    files.values().forEach(entry -> entry.use = entry.use == Use.HELD ? Use.FREE : entry.use);
    heal();
  }

  void heal() {
    killedAt = NEVER;
    deniedAt = NEVER;
    damagedAt = NEVER;
    room = Long.MAX_VALUE;
  }

  List<String> names() {
    return List.copyOf(files.keySet());
  }

  byte[] bytes(String name) {
    Entry entry = files.get(name);
    return entry == null ? new byte[0] : entry.bytes.clone();
  }

  int calls() {
    return calls;
  }

  private void call(Path file) throws IOException {
    calls++;
    // What fails once goes on failing; a dead process makes no calls.
    if (calls >= killedAt) {
      throw new Killed();
    }
    if (calls >= deniedAt) {
      throw new AccessDeniedException(file.toString());
    }
  }

  private Entry entry(Path file) throws IOException {
    Entry entry = files.get(file.getFileName().toString());
    if (entry == null || !file.getParent().equals(folder)) {
      throw new NoSuchFileException(file.toString());
    }
    return entry;
  }

  @Override
  public boolean isFile(Path file) {
    return files.containsKey(file.getFileName().toString());
  }

  @Override
  public InputStream read(Path file) throws IOException {
    call(file);
    return new ByteArrayInputStream(entry(file).bytes);
  }

  @Override
  public void createFolder(Path wanted) throws IOException {
    call(wanted);
    folderThere = true;
  }

  @Override
  public List<String> list(Path wanted) throws IOException {
    call(wanted);
    return files.entrySet().stream()
        .filter(e -> !e.getValue().link)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public Duration age(Path file) throws IOException {
    call(file);
    return Duration.ofNanos(time.nanos() - entry(file).written);
  }

  @Override
  public Use use(Path file) throws IOException {
    call(file);
    return locks ? entry(file).use : Use.UNKNOWN;
  }

  @Override
  public Output create(Path file) throws IOException {
    call(file);
    String name = file.getFileName().toString();
    if (!folderThere) {
      throw new NoSuchFileException(file.toString());
    }
    if (files.containsKey(name)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Entry entry = new Entry();
    entry.written = time.nanos();
    entry.use = Use.HELD;
    files.put(name, entry);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        call(file);
        int fits = (int) Math.min(length, room);
        room -= fits;
        int from = all.size();
        all.write(bytes, 0, fits);
        entry.bytes = all.toByteArray();
        if (calls >= damagedAt && entry.bytes.length > from) {
          entry.bytes[from] ^= 1;
        }
        entry.written = time.nanos();
        if (fits < length) {
          throw new FileSystemException(file.toString(), null, "No space left on device");
        }
      }

      @Override
      public void close() throws IOException {
        call(file);
        entry.use = Use.FREE;
      }
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    call(to);
    Entry entry = entry(from);
    files.remove(from.getFileName().toString());
    files.put(to.getFileName().toString(), entry);
  }

  @Override
  public void delete(Path file) throws IOException {
    call(file);
    files.remove(file.getFileName().toString());
  }
}
