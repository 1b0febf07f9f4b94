package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.run.folder.RunFolder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tables that pages have asked for; those that nobody asked for lately give way. */
final class CurveTables {

  /** A part of the heap, in numbers of eight bytes. */
  private static final long MOST = Runtime.getRuntime().maxMemory() / 8 / 8;

  private final Map<Path, CurveTable> tables = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Writes what is new in a run's tables.
   *
   * @param known by the tables' names, what the page has of them
   */
  void write(ObjectNode to, Path folder, Map<String, String> known) {
    of(folder.resolve(RunFolder.METRICS))
        .write(to.putObject("metrics"), known.getOrDefault("metrics", ""));
    of(folder.resolve(ListedRun.EPOCHS))
        .write(to.putObject("epochs"), known.getOrDefault("epochs", ""));
  }

  private synchronized CurveTable of(Path file) {
    CurveTable table = tables.computeIfAbsent(file, CurveTable::new);
    long size = 0;
    for (CurveTable one : tables.values()) {
      size += one.size();
    }
    Iterator<CurveTable> eldest = tables.values().iterator();
    while (size > MOST && tables.size() > 2) {
      size -= eldest.next().size();
      eldest.remove();
    }
    return table;
  }
}
