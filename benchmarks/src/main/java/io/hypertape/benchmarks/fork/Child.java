package io.hypertape.benchmarks.fork;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A process that answers a line with a line: it waits, using no processor, until it is asked, so
 * that two can be measured in turns. Answers begin with {@link #MARK}; other lines are skipped.
 */
public final class Child implements AutoCloseable {

  /** What an answer begins with. */
  public static final String MARK = "= ";

  private static final String END = "\0end";
  private static final int TAIL = 4;

  private final String name;
  private final Duration patience;
  private final Process process;
  private final Writer in;
  private final Path errors;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /**
   * Starts a process.
   *
   * @param name for messages
   * @param command the program and its arguments
   * @param environment changes the inherited environment
   * @param patience how long an answer may take
   * @throws IOException if it cannot be started
   */
  public Child(
      String name,
      List<String> command,
      UnaryOperator<Map<String, String>> environment,
      Duration patience)
      throws IOException {
    this.name = name;
    this.patience = patience;
    this.errors = Files.createTempFile("hypertape-bench", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    environment.apply(builder.environment());
    try {
      process = builder.start();
    } catch (IOException e) {
      Files.delete(errors);
      throw e;
    }
    in = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          answers.add(line.substring(MARK.length()));
        }
      }
    } catch (IOException e) {
      // The process has been ended; whoever waits is told below.
    }
    answers.add(END);
  }

  /**
   * Asks and waits for the answer.
   *
   * @param line the question
   * @return the answer
   * @throws IOException if the process ends or stays silent instead; says what it wrote last
   */
  public String ask(String line) throws IOException {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw new IOException(name + " has ended" + tail(), e);
    }
    return answer();
  }

  /**
   * Waits for an answer.
   *
   * @return the answer
   * @throws IOException if the process ends or stays silent instead
   */
  public String answer() throws IOException {
    try {
      String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new IOException(name + " gave no answer in " + seconds(patience) + " s" + tail());
      }
      if (answer.equals(END)) {
        answers.add(END);
        process.waitFor();
        throw new IOException(name + " ended with status " + process.exitValue() + tail());
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() * 1e-3);
  }

  private String tail() throws IOException {
    List<String> lines =
        Files.readString(errors)
            .lines()
            .filter(line -> !line.isBlank())
            .map(String::strip)
            .toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    return last.isEmpty() ? "" : ": " + String.join("; ", last);
  }

  /**
   * Ends the process: first by closing what it reads, then, together with what it has started, such
   * as compilers that would disturb a measurement, by force.
   */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(errors);
  }
}
