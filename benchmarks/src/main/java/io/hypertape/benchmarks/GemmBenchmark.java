package io.hypertape.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products of the paper's multilayer perceptron (784-128-10, batches of 256), forward and
 * for the gradients, and 512³. The counter {@code gflops} is in 10⁹ floating-point operations per
 * second.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class GemmBenchmark {
  /** Rows x depth x columns, a letter T after the factor that lies transposed. */
  @Param({
    "512x512x512",
    "256x784x128",
    "256x128x10",
    "128Tx256x784",
    "10Tx256x128",
    "256x10x128T",
    "512x512x512T",
    "512Tx512x512"
  })
  public String shape;

  private int m;
  private int n;
  private int k;
  private boolean transA;
  private boolean transB;
  private float[] a;
  private float[] b;
  private float[] c;

  /** Creates the benchmark; JMH sets the parameters. */
  public GemmBenchmark() {}

  /** Work done, in units of 10⁹ operations, which JMH divides by the time. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Operations done, in 10⁹. */
    public double gflops;

    /** Creates the counter. */
    public Work() {}

    /** Starts an iteration. */
    @Setup(Level.Iteration)
    public void clear() {
      gflops = 0;
    }
  }

  /** Makes the matrices. */
  @Setup
  public void fill() {
    String[] parts = shape.split("x");
    transA = parts[0].endsWith("T");
    transB = parts[2].endsWith("T");
    m = Integer.parseInt(parts[0].replace("T", ""));
    k = Integer.parseInt(parts[1]);
    n = Integer.parseInt(parts[2].replace("T", ""));
    a = KernelState.random(m * k, 1);
    b = KernelState.random(k * n, 2);
    c = new float[m * n];
  }

  /**
   * One product.
   *
   * @param state the kernels
   * @param work counts operations
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] gemm(KernelState state, Work work) {
    state.kernels.gemm(
        m,
        n,
        k,
        a,
        0,
        transA ? 1 : k,
        transA ? m : 1,
        b,
        0,
        transB ? 1 : n,
        transB ? k : 1,
        0f,
        c,
        0,
        n);
    work.gflops += 2e-9 * m * n * k;
    return c;
  }
}
