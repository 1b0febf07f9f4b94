package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.benchmarks.report.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Processes that do the same work in turns, one at a time while the others wait, in an order that
 * is reversed from round to round. A pause before each turn lets the last one's worker threads,
 * which spin for a while, fall asleep. Who fails is left out with the reason; only the first side,
 * ours, ends the match with it.
 */
final class Match implements AutoCloseable {

  private static final long PAUSE_MILLIS = 60;

  /** A side is warm when half the usual time brings less than this. */
  private static final double STEADY = 0.95;

  /** Patience, in usual times. */
  private static final double MOST_WARMTH = 5;

  /**
   * So many pieces of work, or turns of so many seconds, end with what a heap gets: vectors lie
   * there until the kernels that are called least are compiled.
   */
  private static final int HEAP_COUNT = 5000;

  private static final int HEAP_TURNS = 6;
  private static final double HEAP_SECONDS = 1;

  private final int threads;
  private final Pace pace;
  private final Judge judge;
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  Match(int threads, Pace pace, Judge judge) {
    this.threads = threads;
    this.pace = pace;
    this.judge = judge;
  }

  /**
   * Starts a side's process, and lets it warm up.
   *
   * @param tasks what it will be asked for, an empty text if there is one thing only
   * @param notices get what it says of itself, or why it is left out
   */
  void start(Contender contender, List<String> tasks, List<String> notices) {
    String name = contender.name();
    Child child = null;
    try {
      child =
          new Child(
              name,
              contender.command(),
              Environment.of(threads, ClassPath.inheritedOptions()),
              pace.limit());
      String description = child.answer();
      judge.meet(name, description);
      for (String task : tasks) {
        warm(contender, child, plain(task));
      }
      children.put(name, child);
      notices.add(name + ": " + description);
    } catch (IOException e) {
      leaveOut(name, child, e, notices);
    }
  }

  /** Until its speed grows no longer: on a busy machine compilers need longer than usual. */
  private void warm(Contender contender, Child child, String task) throws IOException {
    double least = contender.warmth() * pace.warmSeconds();
    double last = Double.POSITIVE_INFINITY;
    double all = 0;
    boolean grows = true;
    while (grows && all < MOST_WARMTH * least) {
      double seconds = 0;
      int count = 0;
      while (seconds < least / 2) {
        seconds += ask(contender.name(), child, pace.warmSteps(), task);
        count += pace.warmSteps();
      }
      all += seconds;
      grows = all < least || seconds / count < STEADY * last;
      last = seconds / count;
    }
  }

  /**
   * Plays rounds.
   *
   * @param task what is to be done, empty if each process has one task only
   * @return seconds of a piece of work, one a round, by contender
   * @throws IOException if the first side fails
   */
  Map<String, double[]> play(String task, int rounds, List<String> notices) throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(children.keySet());
    for (String name : List.copyOf(order)) {
      times.put(name, new double[rounds]);
      counts.put(name, Math.max(1, pace.warmSteps() / 5));
    }
    String first = order.isEmpty() ? "" : order.getFirst();
    // The round before the first tells how much fits a turn.
    for (int round = -1; round < rounds; round++) {
      for (String name : List.copyOf(order)) {
        Child child = children.get(name);
        try {
          double seconds = turn(name, child, counts.get(name), round < 0 ? plain(task) : task);
          if (round < 0) {
            counts.put(name, (int) Math.max(1, Math.rint(pace.turnSeconds() / seconds)));
          } else {
            times.get(name)[round] = seconds;
          }
        } catch (IOException e) {
          if (name.equals(first)) {
            throw e;
          }
          leaveOut(name, child, e, notices);
          times.remove(name);
          order.remove(name);
        }
      }
      order = order.reversed();
    }
    return times;
  }

  /**
   * Looks at the heaps of sides that are JVMs.
   *
   * @param jvms their names, of which some may be left out
   * @param times that {@link #play} gave
   * @return bytes that a piece of work allocates, by contender
   * @throws IOException if a side fails that has played
   */
  Map<String, Double> heap(Set<String> jvms, Map<String, double[]> times) throws IOException {
    Map<String, Double> bytes = new LinkedHashMap<>();
    for (String name : times.keySet()) {
      if (jvms.contains(name)) {
        double most = HEAP_SECONDS / Statistics.median(times.get(name));
        int count = (int) Math.max(1, Math.min(HEAP_COUNT, most));
        int turns = Math.min(HEAP_TURNS, HEAP_COUNT / count);
        for (int turn = 0; turn < turns; turn++) {
          bytes.put(name, ask(name, children.get(name), count, Server.HEAP) / count);
        }
      }
    }
    return bytes;
  }

  /** What takes the time that it says: the slowest of few calls would stand for all of them. */
  private static String plain(String task) {
    return Server.isPercentage(task) ? "" : task;
  }

  /** Why a side that was started has no times, by its name. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  private void leaveOut(String name, Child child, IOException reason, List<String> notices) {
    notices.add(name + " was left out: " + reason.getMessage());
    leftOut.put(name, String.valueOf(reason.getMessage()));
    judge.dismiss(name);
    children.remove(name);
    try {
      if (child != null) {
        child.close();
      }
    } catch (IOException e) {
      // It has been said already that it failed.
    }
  }

  private double turn(String name, Child child, int count, String task) throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return ask(name, child, count, task) / count;
  }

  /** The seconds of some pieces of work. */
  private double ask(String name, Child child, int count, String task) throws IOException {
    String answer = child.ask(task.isEmpty() ? Integer.toString(count) : count + " " + task);
    String[] words = answer.split(" ");
    if (words.length != 2) {
      throw new IOException(name + " answered '" + answer + "' where seconds and a number fit");
    }
    judge.judge(name, number(words[1]));
    return number(words[0]);
  }

  /** As Java or as Python writes it. */
  static double number(String text) throws IOException {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new IOException("'" + text + "' is no number", e);
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    for (Child child : children.values()) {
      child.close();
    }
  }
}
