package io.hypertape.benchmarks;

import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The five gemms of {@link StepBenchmark}'s step and nothing else, 105 MFLOP: the floor that our
 * gemm implies for it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class StepGemmsBenchmark {

  /**
   * Forward, forward, gradients of the second layer's weights and input, of the first's weights.
   */
  private static final List<GemmShape> SHAPES =
      List.of(
          GemmShape.parse("256x784x128"),
          GemmShape.parse("256x128x10"),
          GemmShape.parse("128Tx256x10"),
          GemmShape.parse("256x10x128T"),
          GemmShape.parse("784Tx256x128"));

  /** How many threads share a product. */
  @Param("1")
  public int threads;

  private Kernels kernels;
  private float[][] c;
  private final List<Call> products = new ArrayList<>();

  /** Creates the benchmark; JMH sets the parameters. */
  public StepGemmsBenchmark() {}

  /** Opens the kernels and makes the matrices. */
  @Setup(Level.Trial)
  public void open() {
    kernels = Kernels.open(KernelMode.VECTOR, threads);
    int n = SHAPES.size();
    c = new float[n][];
    for (int i = 0; i < n; i++) {
      GemmShape s = SHAPES.get(i);
      float[] a = KernelState.random(s.m() * s.k(), 2 * i);
      float[] b = KernelState.random(s.k() * s.n(), 2 * i + 1);
      c[i] = new float[s.m() * s.n()];
      products.add(GemmCalls.of(kernels, s, a, b, c[i]));
    }
  }

  /** Closes the kernels. */
  @TearDown(Level.Trial)
  public void close() {
    kernels.close();
  }

  /**
   * The products of one step.
   *
   * @return the results, for JMH to consume
   */
  @Benchmark
  public float[][] gemms() {
    for (int i = 0; i < c.length; i++) {
      products.get(i).run();
    }
    return c;
  }
}
