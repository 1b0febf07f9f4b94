package io.hypertape.benchmarks.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One of the paper's experiments: parts to run, and what their results are drawn and written as.
 * Which parts there are may depend on the results of others, as learned values are tried afresh.
 */
public interface Experiment {

  /** Its name on the command line and of its files, such as {@code table1}. */
  String name();

  /** All parts that can be named from what is known. */
  List<Part> parts(Results results);

  /** Steps of the parts that cannot be named yet; for telling the time left. */
  long laterSteps(Results results);

  /** About how many seconds a step takes on a processor; for the time left of several. */
  double stepSeconds();

  /**
   * Writes the results of all parts: a table for programs, one for people, and pictures.
   *
   * @param results of every part
   * @param folder where
   * @param head the command and the machine, for the head of the table
   * @return the table for people, in Markdown, without the head
   * @throws IOException if a file cannot be written
   */
  String write(Results results, Path folder, String head) throws IOException;
}
