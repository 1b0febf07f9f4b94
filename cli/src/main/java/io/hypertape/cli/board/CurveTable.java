package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.io.guard.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A table of numbers that a run writes, read as it grows: each time only what is new. A last line
 * without its end is not read yet. A file that was replaced, or is shorter, or has other bytes
 * where reading had come to, is read anew; what is read of it has another generation. Reading ends
 * at the first line that is no row of the table.
 */
final class CurveTable {

  /** Columns that are read of a wide table. */
  static final int MOST_COLUMNS = 256;

  /** Bytes that are read at a time; a larger table comes in pieces. */
  static final int PIECE = 8 << 20;

  private static final int REMEMBERED = 256;

  /** Not from 0: a page may remember what a server before this one has told. */
  private static final AtomicLong GENERATIONS = new AtomicLong(new SecureRandom().nextLong() >>> 1);

  private final Path file;
  private Object key = "";
  private long modified = -1;
  private long offset;
  private long lines;
  private long generation = GENERATIONS.incrementAndGet();
  private byte[] remembered = {};
  private List<String> header = List.of();
  // Of "step", the horizontal axis.
  private int axis;
  private double reached = Double.NEGATIVE_INFINITY;
  private int[] kept = {};
  private ThinnedCurves curves = new ThinnedCurves(List.of());
  private Optional<String> problem = Optional.empty();
  private boolean more;
  private boolean there;

  CurveTable(Path file) {
    this.file = file;
  }

  /** Numbers that are kept in memory. */
  synchronized long size() {
    return curves.size();
  }

  private void beginAnew(Object newKey) {
    key = newKey;
    modified = -1;
    offset = 0;
    lines = 0;
    generation = GENERATIONS.incrementAndGet();
    remembered = new byte[0];
    header = List.of();
    reached = Double.NEGATIVE_INFINITY;
    kept = new int[0];
    curves = new ThinnedCurves(List.of());
    problem = Optional.empty();
    more = false;
  }

  /** Reads what is new, at most {@value #PIECE} bytes of it. */
  private void refresh() {
    try {
      BasicFileAttributes now =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      there = true;
      Object nowKey = Objects.requireNonNullElse(now.fileKey(), "");
      if (!nowKey.equals(key) || now.size() < offset) {
        beginAnew(nowKey);
      }
      if (!now.isRegularFile()) {
        problem = Optional.of("is no regular file");
        return;
      }
      long time = now.lastModifiedTime().toMillis();
      if (now.size() == offset && time == modified) {
        return;
      }
      readOn();
      modified = time;
    } catch (NoSuchFileException e) {
      if (there) {
        beginAnew("");
      }
      there = false;
    } catch (IOException e) {
      beginAnew("");
      problem = Optional.of("could not be read: " + FileProblem.reason(e));
    }
  }

  private void readOn() throws IOException {
    byte[] piece;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      in.skipNBytes(offset - remembered.length);
      if (!Arrays.equals(remembered, in.readNBytes(remembered.length))) {
        beginAnew(key);
        readOn();
        return;
      }
      if (problem.isPresent()) {
        return;
      }
      piece = in.readNBytes(PIECE);
    }
    int begin = 0;
    for (int i = 0; i < piece.length && problem.isEmpty(); i++) {
      if (piece[i] == '\n') {
        int end = i > begin && piece[i - 1] == '\r' ? i - 1 : i;
        line(new String(piece, begin, end - begin, StandardCharsets.UTF_8));
        begin = i + 1;
      }
    }
    if (begin == 0 && piece.length == PIECE) {
      problem = Optional.of("line " + (lines + 1) + " has no end");
    }
    more = piece.length == PIECE && problem.isEmpty();
    offset += begin;
    remember(piece, begin);
  }

  private void remember(byte[] piece, int end) {
    if (end >= REMEMBERED) {
      remembered = Arrays.copyOfRange(piece, end - REMEMBERED, end);
      return;
    }
    byte[] both = Arrays.copyOf(remembered, remembered.length + end);
    System.arraycopy(piece, 0, both, remembered.length, end);
    remembered = Arrays.copyOfRange(both, Math.max(0, both.length - REMEMBERED), both.length);
  }

  private void line(String text) {
    lines++;
    String[] cells = text.split(",", -1);
    if (lines == 1) {
      header(List.of(cells));
      return;
    }
    double[] values = new double[kept.length];
    double x;
    try {
      x = Double.parseDouble(cells[Math.min(axis, cells.length - 1)]);
      for (int i = 0; i < kept.length && cells.length == header.size(); i++) {
        values[i] = Double.parseDouble(cells[kept[i]]);
      }
    } catch (NumberFormatException e) {
      x = Double.NaN;
    }
    if (cells.length != header.size() || !(x > reached) || Double.isInfinite(x)) {
      problem =
          Optional.of(
              "is damaged: line "
                  + lines
                  + " is no row of "
                  + header.size()
                  + " numbers that goes on; the rows before it are shown");
      return;
    }
    reached = x;
    curves.add(x, values);
  }

  private void header(List<String> names) {
    header = names;
    axis = names.indexOf("step");
    if (axis < 0) {
      problem = Optional.of("is damaged: its first line names no column step");
      return;
    }
    List<String> shown = new ArrayList<>();
    int[] places = new int[names.size()];
    for (int i = 0; i < names.size() && shown.size() < MOST_COLUMNS; i++) {
      if (i != axis && !names.get(i).equals("epoch")) {
        places[shown.size()] = i;
        shown.add(names.get(i));
      }
    }
    kept = Arrays.copyOf(places, shown.size());
    curves = new ThinnedCurves(shown);
  }

  /**
   * Reads on, and writes what is new for a page.
   *
   * @param to where to; it gets nothing if there is no such file
   * @param known what the page has, as {@code state} told it; empty if it has nothing
   */
  synchronized void write(ObjectNode to, String known) {
    refresh();
    if (!there) {
      return;
    }
    String series = generation + "." + curves.stride() + ".";
    int from = 0;
    if (known.startsWith(series)) {
      // The last one may have been open.
      from = Math.max(0, Integer.parseInt(known.substring(series.length())) - 1);
    }
    to.put("state", series + curves.buckets()).put("more", more);
    problem.ifPresent(text -> to.put("problem", file.getFileName() + " " + text));
    curves.write(to, Math.min(from, curves.buckets()));
  }
}
