package io.hypertape.benchmarks;

import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import java.util.Random;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The kernels under test; a forced mode, so that no fallback is measured by mistake. */
@State(Scope.Thread)
public class KernelState {
  /** Which implementation runs. */
  @Param({"VECTOR", "SCALAR"})
  public KernelMode mode;

  /** How many threads share an operation. */
  @Param("1")
  public int threads;

  Kernels kernels;

  /** Creates the state; JMH sets the parameters. */
  public KernelState() {}

  /** Opens the kernels. */
  @Setup(Level.Trial)
  public void open() {
    kernels = Kernels.open(mode, threads);
  }

  /** Closes them. */
  @TearDown(Level.Trial)
  public void close() {
    kernels.close();
  }

  static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextFloat() + 0.01f;
    }
    return x;
  }
}
