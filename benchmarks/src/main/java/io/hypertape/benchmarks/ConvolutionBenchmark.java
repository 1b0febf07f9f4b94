package io.hypertape.benchmarks;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
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
 * The three products of convolutions, for a batch of 128: the layers of ResNet-20 on CIFAR-10 and
 * of a small network for MNIST. The floor is the FMA units, 118 GFLOP/s a core on the Zen 4 with
 * AVX-512 of docs: 604 MFLOP, 5.1 ms, for {@code 16>16@32,3/1}, {@code 32>32@16,3/1} and {@code
 * 64>64@8,3/1}; the first moves 8.4 MB in and as many out, which is another millisecond where they
 * come from memory.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class ConvolutionBenchmark {

  /** Channels, filters, size of the images, of the filters, and the stride. */
  @Param({
    "3>16@32,3/1",
    "16>16@32,3/1",
    "16>32@32,3/2",
    "32>32@16,3/1",
    "32>64@16,3/2",
    "64>64@8,3/1",
    "1>16@28,5/1",
    "16>32@14,5/1"
  })
  public String layer;

  private double flops;
  private float[] y;
  private float[] dx;
  private float[] dw;
  private Call forward;
  private Call data;
  private Call filter;

  /** Creates the benchmark; JMH sets the parameters. */
  public ConvolutionBenchmark() {}

  /**
   * Makes images, filters and a cotangent.
   *
   * @param state the kernels
   */
  @Setup
  public void fill(KernelState state) {
    ConvolutionLayer parsed = ConvolutionLayer.parse(layer);
    ConvolutionShape s = parsed.shape();
    flops = parsed.flops();
    int weights = s.filters() * s.groupChannels() * s.filterPlane();
    Floats x = Floats.of(KernelState.random(s.batch() * s.channels() * s.plane(), 1));
    Floats w = Floats.of(KernelState.random(weights, 2));
    Floats dy = Floats.of(KernelState.random(s.batch() * s.filters() * s.outPlane(), 3));
    y = new float[dy.length()];
    dx = new float[x.length()];
    dw = new float[weights];
    Convolutions room = state.kernels.convolutions();
    forward = room.forward(s, x, w, Floats.of(y));
    data = room.data(s, dy, w, Floats.of(dx));
    filter = room.filter(s, x, dy, Floats.of(dw));
  }

  /**
   * The outputs.
   *
   * @param work counts operations
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] convolution(Work work) {
    forward.run();
    work.gflops += 1e-9 * flops;
    return y;
  }

  /**
   * The cotangent of the images.
   *
   * @param work counts operations
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] convolutionData(Work work) {
    data.run();
    work.gflops += 1e-9 * flops;
    return dx;
  }

  /**
   * The cotangent of the filters.
   *
   * @param work counts operations
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] convolutionFilter(Work work) {
    filter.run();
    work.gflops += 1e-9 * flops;
    return dw;
  }
}
