package io.hypertape.benchmarks.peers;

import java.io.IOException;
import java.util.List;

/** Tells whether the sides of a {@link Match} do the same work. */
interface Judge {

  /**
   * Looks at a side before it is timed.
   *
   * @param name the side's
   * @param description what it says of itself
   * @throws IOException if it does something else than the others, with the reason
   */
  void meet(String name, String description) throws IOException;

  /**
   * Looks at what a side's last turn gave.
   *
   * @param name the side's
   * @param value the number that it answered beside the seconds
   * @throws IOException if it is wrong, with the reason
   */
  void judge(String name, double value) throws IOException;

  /** Forgets a side that was left out. */
  void dismiss(String name);

  /** What was found, for the notes. */
  List<String> verdict();
}
