package io.hypertape.benchmarks.fork;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The other end of a {@link Child} in Java: descriptors 0 and 1 are a pipe here, no console. {@code
 * ready} is answered first; then a line with a number and, after a space, a task is answered with
 * the seconds that it took to do it so often, and a number that tells whether it was done well.
 * {@code p99}, or another percentage, is answered as if each time had taken what all but one in a
 * hundred take at most; {@link #HEAP} by bytes in place of seconds.
 */
public final class Server {

  /** Steps that are timed. */
  @FunctionalInterface
  public interface Steps {
    /**
     * Takes steps.
     *
     * @param count how many
     * @return the loss of the last
     */
    double run(int count);
  }

  /** Work of several kinds that is timed. */
  public interface Tasks {
    /**
     * Does a task.
     *
     * @param task which
     * @param count how often
     */
    void run(String task, int count);

    /**
     * Looks at what the last task gave; not timed.
     *
     * @return what its judge is to see
     */
    double value();
  }

  /** Asked for as a task: bytes that doing it, by one caller, allocates on the heap. */
  public static final String HEAP = "heap";

  private static final Pattern PERCENTAGE = Pattern.compile("p\\d+");

  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Server() {}

  /**
   * Answers.
   *
   * @param line what, on one line
   */
  public static void answer(String line) {
    OUT.println(Child.MARK + line);
  }

  /**
   * Serves steps until there are no more questions.
   *
   * @param description of what is timed
   * @param steps what is timed
   * @throws IOException if the pipe breaks
   */
  public static void serve(String description, Steps steps) throws IOException {
    double[] loss = {Double.NaN};
    serve(
        description,
        new Tasks() {
          @Override
          public void run(String task, int count) {
            loss[0] = steps.run(count);
          }

          @Override
          public double value() {
            return loss[0];
          }
        });
  }

  /**
   * Serves tasks until there are no more questions.
   *
   * @param description of what is timed
   * @param tasks what is timed
   * @throws IOException if the pipe breaks
   */
  public static void serve(String description, Tasks tasks) throws IOException {
    answer(description);
    BufferedReader questions =
        new BufferedReader(
            new InputStreamReader(
                new java.io.FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] words = line.strip().split(" ", 2);
      String task = words.length > 1 ? words[1] : "";
      int count = Integer.parseInt(words[0]);
      answer(measure(tasks, task, count) + " " + tasks.value());
    }
  }

  /**
   * Whether it is a percentage that is asked for: its answer is not the time that has gone by.
   *
   * @param task what is asked for
   * @return whether it is one
   */
  public static boolean isPercentage(String task) {
    return PERCENTAGE.matcher(task).matches();
  }

  private static double measure(Tasks tasks, String task, int count) {
    if (task.equals(HEAP)) {
      return allocated(tasks, count);
    }
    if (isPercentage(task)) {
      return count * quantile(tasks, Integer.parseInt(task.substring(1)), count);
    }
    return seconds(tasks, task, count);
  }

  /** By all threads: a part of the work may be others'. */
  private static double allocated(Tasks tasks, int count) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    tasks.run("", count);
    return threads.getTotalThreadAllocatedBytes() - before;
  }

  private static double seconds(Tasks tasks, String task, int count) {
    long start = System.nanoTime();
    tasks.run(task, count);
    return (System.nanoTime() - start) * 1e-9;
  }

  private static double quantile(Tasks tasks, int percentage, int count) {
    double[] each = new double[count];
    for (int i = 0; i < count; i++) {
      each[i] = seconds(tasks, "", 1);
    }
    Arrays.sort(each);
    return each[Math.min(count - 1, count * percentage / 100)];
  }
}
