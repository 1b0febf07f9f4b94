package io.hypertape.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a benchmark gets done, which JMH divides by the time: rates beside the operations. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {

  /** Floating-point operations of gemms, in 10⁹: a multiplication and an addition count as two. */
  public double gflops;

  /** Elements, in 10⁹. */
  public double gelements;

  /** Creates the counters. */
  public Work() {}

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void clear() {
    gflops = 0;
    gelements = 0;
  }
}
