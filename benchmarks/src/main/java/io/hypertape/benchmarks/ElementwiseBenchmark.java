package io.hypertape.benchmarks;

import io.hypertape.kernels.BinaryOp;
import io.hypertape.kernels.ReduceOp;
import io.hypertape.kernels.UnaryOp;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elementwise operations and folds on 256 × 128 elements, the hidden layer of a batch. Scores are
 * elements per nanosecond.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class ElementwiseBenchmark {
  private static final int ROWS = 256;
  private static final int COLS = 128;
  private static final int SIZE = ROWS * COLS;
  private static final int[] SHAPE = {ROWS, COLS};
  private static final int[] STRIDES = {COLS, 1};
  private static final int[] TRANSPOSED = {1, ROWS};
  private static final int[] ROW = {0, 1};

  private float[] x;
  private float[] y;
  private float[] out;

  /** Creates the benchmark. */
  public ElementwiseBenchmark() {}

  /** Makes the operands. */
  @Setup
  public void fill() {
    x = KernelState.random(SIZE, 1);
    y = KernelState.random(SIZE, 2);
    out = new float[SIZE];
  }

  private float[] unary(KernelState state, UnaryOp op) {
    state.kernels.unary(op, SHAPE, x, 0, STRIDES, out, 0, STRIDES);
    return out;
  }

  /**
   * The function exp.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] exp(KernelState state) {
    return unary(state, UnaryOp.EXP);
  }

  /**
   * The function log.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] log(KernelState state) {
    return unary(state, UnaryOp.LOG);
  }

  /**
   * The function tanh.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] tanh(KernelState state) {
    return unary(state, UnaryOp.TANH);
  }

  /**
   * The function sigmoid.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sigmoid(KernelState state) {
    return unary(state, UnaryOp.SIGMOID);
  }

  /**
   * The function sqrt.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sqrt(KernelState state) {
    return unary(state, UnaryOp.SQRT);
  }

  /**
   * A sum of two contiguous operands.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] add(KernelState state) {
    state.kernels.binary(BinaryOp.ADD, SHAPE, x, 0, STRIDES, y, 0, STRIDES, out, 0, STRIDES);
    return out;
  }

  /**
   * A bias added to every row.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] addRow(KernelState state) {
    state.kernels.binary(BinaryOp.ADD, SHAPE, x, 0, STRIDES, y, 0, ROW, out, 0, STRIDES);
    return out;
  }

  /**
   * A transposed copy.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] transpose(KernelState state) {
    state.kernels.copy(SHAPE, x, 0, TRANSPOSED, out, 0, STRIDES);
    return out;
  }

  /**
   * The sum over rows, a bias's gradient.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sumColumns(KernelState state) {
    state.kernels.reduce(ReduceOp.SUM, SHAPE, x, 0, STRIDES, out, 0, ROW);
    return out;
  }

  /**
   * The sum of all.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sumAll(KernelState state) {
    state.kernels.reduce(ReduceOp.SUM, SHAPE, x, 0, STRIDES, out, 0, new int[2]);
    return out;
  }

  /**
   * Log-softmax of rows of ten classes.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] logSoftmaxOfTen(KernelState state) {
    state.kernels.logSoftmax(SIZE / 10, 10, x, 0, 10, out, 0, 10);
    return out;
  }

  /**
   * Uniform random numbers.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] uniform(KernelState state) {
    state.kernels.uniform(1, 2, 0, out, 0, SIZE);
    return out;
  }

  /**
   * Normal random numbers.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] normal(KernelState state) {
    state.kernels.normal(1, 2, 0, out, 0, SIZE);
    return out;
  }
}
