package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes that take training steps in turns, one at a time while the others wait, in an order
 * that is reversed from round to round. A pause before each turn lets the last one's worker
 * threads, which spin for a while, fall asleep. Sides must train as many parameters as the first
 * one, and their losses stay finite and below twice what guessing gives.
 */
final class StepMatch {

  private static final long PAUSE_MILLIS = 60;
  private static final Pattern PARAMETERS = Pattern.compile("\\b(\\d+) parameters$");

  private final int threads;
  private final int rounds;
  private final Pace pace;
  private final double highestLoss;

  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<String, Double> losses = new LinkedHashMap<>();
  private String first = "";
  private long parameters;

  /** Of steps that tell {@code classes} apart at random. */
  StepMatch(int threads, int rounds, Pace pace, int classes) {
    this.threads = threads;
    this.rounds = rounds;
    this.pace = pace;
    this.highestLoss = 2 * Math.log(classes);
  }

  /** Seconds of a step, one a round, by contender; who fails is described in {@code notices}. */
  Map<String, double[]> run(List<Contender> contenders, List<String> notices) throws IOException {
    try {
      for (Contender contender : contenders) {
        start(contender, notices);
      }
      Map<String, double[]> times = rounds();
      List<String> last = new ArrayList<>();
      losses.forEach((name, loss) -> last.add(String.format(Locale.ROOT, "%s %.3g", name, loss)));
      if (!last.isEmpty()) {
        notices.add(
            "Parameters of each side: "
                + parameters
                + ". Last losses: "
                + String.join(", ", last)
                + ".");
      }
      return times;
    } finally {
      for (Child child : children.values()) {
        child.close();
      }
    }
  }

  private void start(Contender contender, List<String> notices) {
    Child child = null;
    try {
      child =
          new Child(
              contender.name(),
              contender.command(),
              Environment.of(threads, ClassPath.inheritedOptions()),
              pace.limit());
      String description = child.answer();
      compare(contender.name(), description);
      warm(contender.name(), child);
      children.put(contender.name(), child);
      notices.add(contender.name() + ": " + description);
    } catch (IOException e) {
      notices.add(contender.name() + " was left out: " + e.getMessage());
      losses.remove(contender.name());
      close(child);
    }
  }

  /** Two models of different size are not worth a race. */
  private void compare(String name, String description) throws IOException {
    Matcher found = PARAMETERS.matcher(description);
    if (!found.find()) {
      throw new IOException(
          name + " does not say how many parameters it trains, but '" + description + "'");
    }
    long own = Long.parseLong(found.group(1));
    if (first.isEmpty()) {
      first = name;
      parameters = own;
    } else if (own != parameters) {
      throw new IOException(
          name + " trains " + own + " parameters, where " + first + " trains " + parameters);
    }
  }

  private static void close(Child child) {
    try {
      if (child != null) {
        child.close();
      }
    } catch (IOException e) {
      // It has been said already that it failed.
    }
  }

  private void warm(String name, Child child) throws IOException {
    double seconds = 0;
    while (seconds < pace.warmSeconds()) {
      seconds += ask(name, child, pace.warmSteps());
    }
  }

  private Map<String, double[]> rounds() throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String name : children.keySet()) {
      times.put(name, new double[rounds]);
      int some = Math.max(1, pace.warmSteps() / 5);
      counts.put(name, (int) Math.max(1, Math.rint(pace.turnSeconds() / turn(name, some))));
    }
    List<String> order = new ArrayList<>(children.keySet());
    for (int round = 0; round < rounds; round++) {
      for (String name : order) {
        times.get(name)[round] = turn(name, counts.get(name));
      }
      order = order.reversed();
    }
    return times;
  }

  private double turn(String name, int count) throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return ask(name, children.get(name), count) / count;
  }

  /** The seconds of some steps. */
  private double ask(String name, Child child, int count) throws IOException {
    String answer = child.ask(Integer.toString(count));
    String[] words = answer.split(" ");
    if (words.length != 2) {
      throw new IOException(name + " answered '" + answer + "' where seconds and a loss fit");
    }
    double loss = Double.parseDouble(words[1]);
    // Labels are random, so the logarithm of their number is the best to expect.
    if (!(loss < highestLoss)) {
      throw new IOException(name + " trains badly: its loss is " + loss);
    }
    losses.put(name, loss);
    return Double.parseDouble(words[0]);
  }
}
