package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.ReduceOp;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reductions, broadcasts, transposes and random numbers on [256, 128], the hidden layer of a batch.
 * Counts elements of the operand ({@code gelements}, in 10⁹ a second). The floor of a sum is 4
 * bytes read an element, of a copy 8 (4 read, 4 written), from the second-level cache.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class LayoutBenchmark {
  private static final int ROWS = 256;
  private static final int COLS = 128;
  private static final int SIZE = ROWS * COLS;
  private static final int[] SHAPE = {ROWS, COLS};
  private static final int[] STRIDES = {COLS, 1};
  private static final int[] TRANSPOSED = {1, ROWS};
  private static final int[] EACH_COLUMN = {0, 1};
  private static final int[] EACH_ROW = {1, 0};
  private static final int[] ALL = {0, 0};

  private final float[] x = KernelState.random(SIZE, 1);
  private final float[] y = KernelState.random(SIZE, 2);
  private final float[] out = new float[SIZE];

  /** Creates the benchmark. */
  public LayoutBenchmark() {}

  private float[] sum(KernelState state, Work work, int[] outStrides) {
    state.kernels.reduce(ReduceOp.SUM, SHAPE, x, 0, STRIDES, out, 0, outStrides);
    work.gelements += 1e-9 * SIZE;
    return out;
  }

  /**
   * The sum of each row.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumRows(KernelState state, Work work) {
    return sum(state, work, EACH_ROW);
  }

  /**
   * The sum of each column, as for the gradient of a bias.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumColumns(KernelState state, Work work) {
    return sum(state, work, EACH_COLUMN);
  }

  /**
   * The sum of all elements.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumAll(KernelState state, Work work) {
    return sum(state, work, ALL);
  }

  /**
   * A bias added to every row.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] addRow(KernelState state, Work work) {
    state.kernels.binary(BinaryOp.ADD, SHAPE, x, 0, STRIDES, y, 0, EACH_COLUMN, out, 0, STRIDES);
    work.gelements += 1e-9 * SIZE;
    return out;
  }

  /**
   * A transposed copy.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] transpose(KernelState state, Work work) {
    state.kernels.copy(SHAPE, x, 0, TRANSPOSED, out, 0, STRIDES);
    work.gelements += 1e-9 * SIZE;
    return out;
  }

  /**
   * Uniform random numbers.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] uniform(KernelState state, Work work) {
    state.kernels.uniform(1, 2, 0, out, 0, SIZE);
    work.gelements += 1e-9 * SIZE;
    return out;
  }

  /**
   * Normal random numbers.
   *
   * @param state the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] normal(KernelState state, Work work) {
    state.kernels.normal(1, 2, 0, out, 0, SIZE);
    work.gelements += 1e-9 * SIZE;
    return out;
  }
}
