package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.ReduceOp;
import java.util.Arrays;
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
 * Sums along one axis. Counts elements of what is summed ({@code gelements}, in 10⁹ a second). The
 * floor is bytes: 4 read an element, from the cache that they fit in or, of the two largest, from
 * memory.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@State(Scope.Thread)
public class SumBenchmark {

  /** Lengths of the axes, and the one that is summed along. */
  @Param({
    "256x128/0",
    "256x10/0",
    "1000000x8/0",
    "20000000x2/0",
    "64x100x64/1",
    "128x16x1024/1",
    "256x128/1",
    "256x10/1",
    "64x100000/1"
  })
  public String sum;

  private int[] shape;
  private int[] strides;
  private int[] outStrides;
  private float[] x;
  private float[] out;

  /** Creates the benchmark; JMH sets the parameters. */
  public SumBenchmark() {}

  /** Makes the operands. */
  @Setup
  public void fill() {
    String[] parts = sum.split("/");
    shape = Arrays.stream(parts[0].split("x")).mapToInt(Integer::parseInt).toArray();
    int axis = Integer.parseInt(parts[1]);
    strides = new int[shape.length];
    outStrides = new int[shape.length];
    int step = 1;
    int outStep = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      outStrides[i] = i == axis ? 0 : outStep;
      step *= shape[i];
      outStep *= i == axis ? 1 : shape[i];
    }
    x = KernelState.random(step, 1);
    out = new float[outStep];
  }

  /**
   * The sum.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sum(KernelState state, Work work) {
    state.kernels.reduce(ReduceOp.SUM, shape, x, 0, strides, out, 0, outStrides);
    work.gelements += 1e-9 * x.length;
    return out;
  }
}
