package io.hypertape.benchmarks.fork;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The other end of a {@link Child} in Java: descriptors 0 and 1 are a pipe here, no console. {@code
 * ready} is answered first; then a line with a number of steps is answered with the seconds that
 * they took and the last one's loss.
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
   * Serves until there are no more questions.
   *
   * @param description of what is timed
   * @param steps what is timed
   * @throws IOException if the pipe breaks
   */
  public static void serve(String description, Steps steps) throws IOException {
    answer(description);
    BufferedReader questions =
        new BufferedReader(
            new InputStreamReader(
                new java.io.FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      int count = Integer.parseInt(line.strip());
      long start = System.nanoTime();
      double loss = steps.run(count);
      answer((System.nanoTime() - start) * 1e-9 + " " + loss);
    }
  }
}
