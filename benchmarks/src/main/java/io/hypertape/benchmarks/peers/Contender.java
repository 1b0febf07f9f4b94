package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * A side in a comparison.
 *
 * @param name how tables call it
 * @param command starts its process, which answers as {@link
 *     io.hypertape.benchmarks.fork.Server#serve} does
 * @param warmth how much of the time that a JVM needs to warm up this process does
 */
record Contender(String name, List<String> command, double warmth) {

  /** What is compiled already has caches and clocks to warm only. */
  private static final double NATIVE = 0.25;

  /** A JVM, which interprets first. */
  Contender(String name, List<String> command) {
    this(name, command, 1);
  }

  /** A Python, whose work is done by native code. */
  static Contender python(String name, List<String> command) {
    return new Contender(name, command, NATIVE);
  }
}
