package io.hypertape.benchmarks;

import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
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

  private final float[] x = KernelState.random(SIZE, 1);
  private final float[] y = KernelState.random(SIZE, 2);
  private final float[] out = new float[SIZE];

  private Call sumRows;
  private Call sumColumns;
  private Call sumAll;
  private Call addRow;
  private Call transpose;
  private Call uniform;
  private Call normal;

  /** Creates the benchmark. */
  public LayoutBenchmark() {}

  /**
   * Makes the calls.
   *
   * @param state the kernels
   */
  @Setup
  public void make(KernelState state) {
    Elementwise elementwise = state.kernels.elementwise();
    Strided matrix = Strided.dense(x, 0, new int[] {ROWS, COLS});
    Strided to = Strided.dense(out, 0, new int[] {ROWS, COLS});
    int[] shape = {ROWS, COLS};
    Strided row = new Strided(y, 0, shape, new int[] {0, 1});
    sumRows = elementwise.reduce(ReduceOp.SUM, matrix, Strided.dense(out, 0, new int[] {ROWS, 1}));
    sumColumns =
        elementwise.reduce(ReduceOp.SUM, matrix, Strided.dense(out, 0, new int[] {1, COLS}));
    sumAll = elementwise.reduce(ReduceOp.SUM, matrix, Strided.dense(out, 0, new int[] {1, 1}));
    addRow = elementwise.binary(BinaryOp.ADD, matrix, row, to);
    transpose = elementwise.copy(new Strided(x, 0, shape, new int[] {1, ROWS}), to);
    uniform = elementwise.uniform(1, 2, 0, Floats.of(out));
    normal = elementwise.normal(1, 2, 0, Floats.of(out));
  }

  private float[] run(Call call, Work work) {
    call.run();
    work.gelements += 1e-9 * SIZE;
    return out;
  }

  /**
   * The sum of each row.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumRows(Work work) {
    return run(sumRows, work);
  }

  /**
   * The sum of each column, as for the gradient of a bias.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumColumns(Work work) {
    return run(sumColumns, work);
  }

  /**
   * The sum of all elements.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sumAll(Work work) {
    return run(sumAll, work);
  }

  /**
   * A bias added to every row.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] addRow(Work work) {
    return run(addRow, work);
  }

  /**
   * A transposed copy.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] transpose(Work work) {
    return run(transpose, work);
  }

  /**
   * Uniform random numbers.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] uniform(Work work) {
    return run(uniform, work);
  }

  /**
   * Normal random numbers.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] normal(Work work) {
    return run(normal, work);
  }
}
