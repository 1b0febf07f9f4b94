package io.hypertape.benchmarks.run;

/**
 * How long to measure.
 *
 * @param rounds forks of a step's benchmark, interleaved with those of the others
 * @param kernelWarmup seconds before a kernel's measured iterations
 * @param stepWarmup seconds before a step's: its code is long, and runs in boxes until it is
 *     compiled
 * @param iterations measured iterations of a fork
 * @param seconds length of an iteration
 * @param turns of each side in a comparison with peers
 */
record Effort(
    int rounds, double kernelWarmup, double stepWarmup, int iterations, double seconds, int turns) {

  /** For figures to keep. */
  static final Effort FULL = new Effort(3, 3, 5, 5, 0.5, 21);

  /** For a first look. */
  static final Effort QUICK = new Effort(1, 2, 4, 3, 0.25, 7);

  /** For two versions in turns: short forks, as each is made in every round. */
  static final Effort TURNS = new Effort(5, 1.5, 4, 4, 0.25, 15);
}
