package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.Call;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products, see {@link GemmShape#LISTED}. Counts 2·m·n·k floating-point operations a product
 * ({@code gflops}, in 10⁹ a second). The floor is the FMA units: operations / (2 · lanes · FMA
 * units · clock), 118 GFLOP/s a core on the Zen 4 with AVX-512 of docs; only products with a side
 * of about 10 come near the floor of bytes, 4·(m·k + k·n + 2·m·n).
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
    "64x64x64",
    "128x128x128",
    "256x256x256",
    "512x512x512",
    "1024x1024x1024",
    "2048x2048x2048",
    "256x784x128",
    "784Tx256x128",
    "256x128x784T",
    "256x128x10",
    "128Tx256x10",
    "256x10x128T",
    "128x1024x1024",
    "37x41x43",
    "129x257x65"
  })
  public String shape;

  private GemmShape size;
  private float[] c;
  private Call product;

  /** Creates the benchmark; JMH sets the parameters. */
  public GemmBenchmark() {}

  /**
   * Makes the matrices.
   *
   * @param state the kernels
   */
  @Setup
  public void fill(KernelState state) {
    size = GemmShape.parse(shape);
    float[] a = KernelState.random(size.m() * size.k(), 1);
    float[] b = KernelState.random(size.k() * size.n(), 2);
    c = new float[size.m() * size.n()];
    product = GemmCalls.of(state.kernels, size, a, b, c);
  }

  /**
   * One product.
   *
   * @param work counts operations
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] gemm(Work work) {
    product.run();
    work.gflops += 1e-9 * size.flops();
    return c;
  }
}
