package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runs below a folder: the folders that have a config.json or a metrics.csv, down to {@value
 * #DEPTH} levels. Links are not followed. Looking at them takes some calls of the system a run, and
 * reads what has changed since.
 */
final class ListedRuns {

  /** Folders within folders that are searched. */
  static final int DEPTH = 4;

  /** Folders that are looked at; a folder with more is none of runs. */
  static final int MOST_FOLDERS = 50_000;

  // At most a tenth of the time goes into looking, however many pages ask.
  private static final long LEAST_NANOS = 200_000_000;
  private static final long SHARE = 10;

  private final Path root;
  // A page that has a list of an earlier server begins anew.
  private final String board = Long.toHexString(System.nanoTime());
  private Map<String, ListedRun> runs = new TreeMap<>();
  private Optional<String> problem = Optional.empty();
  private long revision;
  private long vanished;
  private long due = System.nanoTime();
  private int looked;

  ListedRuns(Path root) {
    this.root = root;
  }

  /** Does not wait until it is time to look again. */
  synchronized void lookAgain() {
    due = System.nanoTime();
  }

  private void refresh() {
    long begin = System.nanoTime();
    if (begin - due < 0) {
      return;
    }
    Map<String, ListedRun> found = new TreeMap<>();
    looked = 0;
    problem = Optional.empty();
    try {
      // Where a link leads that the user has given is where the runs are.
      search(root.toRealPath(), "", 0, found);
    } catch (IOException | DirectoryIteratorException e) {
      problem = Optional.of(Files.exists(root) ? "cannot be read" : "is not there");
    }
    if (looked >= MOST_FOLDERS) {
      problem = Optional.of("has more than " + MOST_FOLDERS + " folders; some are not shown");
    }
    if (!found.keySet().containsAll(runs.keySet())) {
      vanished = ++revision;
    }
    runs = found;
    long now = System.nanoTime();
    due = now + Math.max(LEAST_NANOS, SHARE * (now - begin));
  }

  private void search(Path folder, String name, int depth, Map<String, ListedRun> found)
      throws IOException {
    ListedRun known = runs.get(name);
    ListedRun run =
        known != null && known.folder().equals(folder) ? known : new ListedRun(folder, name);
    if (run.refresh(revision + 1)) {
      revision = Math.max(revision, run.revision());
      found.put(name, run);
      return;
    }
    if (depth == DEPTH) {
      return;
    }
    Map<String, Path> inside = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String own = entry.getFileName().toString();
        if (!own.startsWith(".") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          if (++looked > MOST_FOLDERS) {
            return;
          }
          inside.put(name.isEmpty() ? own : name + "/" + own, entry);
        }
      }
    }
    for (Map.Entry<String, Path> entry : inside.entrySet()) {
      try {
        search(entry.getValue(), entry.getKey(), depth + 1, found);
      } catch (IOException | DirectoryIteratorException e) {
        // It has gone, or belongs to somebody else.
      }
    }
  }

  /**
   * Writes the runs that have changed, or all of them if some have gone.
   *
   * @param known the board that a page knows; empty if none
   * @param since the revision that the page has
   */
  synchronized void write(ObjectNode to, String known, long since) {
    refresh();
    boolean whole = !known.equals(board) || since < vanished || since > revision;
    to.put("board", board).put("revision", revision).put("whole", whole);
    to.put("folder", root.toString());
    problem.ifPresent(text -> to.put("problem", root + " " + text));
    ArrayNode list = to.putArray("runs");
    for (ListedRun run : runs.values()) {
      if (whole || run.revision() > since) {
        list.add(run.summary());
      }
    }
  }

  /** A run of the list, by its name; nothing else can be asked for. */
  synchronized Optional<ListedRun> find(String name) {
    if (!runs.containsKey(name)) {
      refresh();
    }
    return Optional.ofNullable(runs.get(name));
  }
}
