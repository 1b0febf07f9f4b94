package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
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

  private Call call;
  private float[] x;
  private float[] out;

  /** Creates the benchmark; JMH sets the parameters. */
  public SumBenchmark() {}

  /**
   * Makes the operands.
   *
   * @param state the kernels
   */
  @Setup
  public void fill(KernelState state) {
    String[] parts = sum.split("/");
    int[] shape = Arrays.stream(parts[0].split("x")).mapToInt(Integer::parseInt).toArray();
    int axis = Integer.parseInt(parts[1]);
    int[] kept = shape.clone();
    kept[Integer.parseInt(parts[1])] = 1;
    x = KernelState.random(Arrays.stream(shape).reduce(1, (m, n) -> m * n), 1);
    out = new float[Arrays.stream(kept).reduce(1, (m, n) -> m * n)];
    Strided sums = Strided.dense(out, 0, kept);
    call = state.kernels.elementwise().reduce(ReduceOp.SUM, Strided.dense(x, 0, shape), sums);
  }

  /**
   * The sum.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sum(Work work) {
    call.run();
    work.gelements += 1e-9 * x.length;
    return out;
  }
}
