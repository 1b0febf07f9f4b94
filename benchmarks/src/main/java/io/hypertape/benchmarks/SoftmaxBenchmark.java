package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
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
 * Log-softmax of 256 rows and its derivative, for the 10 classes of digits and for 1000. Counts
 * elements ({@code gelements}, in 10⁹ a second). The floor is one exp an element; bytes are 8 (4
 * read, 4 written), 12 for the derivative. Rows of 10 are shorter than a vector of 16 lanes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class SoftmaxBenchmark {
  private static final int ROWS = 256;

  /** Number of classes. */
  @Param({"10", "1000"})
  public int classes;

  private Call logSoftmax;
  private Call logSoftmaxGrad;
  private float[] out;

  /** Creates the benchmark; JMH sets the parameters. */
  public SoftmaxBenchmark() {}

  /**
   * Makes the operands.
   *
   * @param state the kernels
   */
  @Setup
  public void fill(KernelState state) {
    out = new float[ROWS * classes];
    Matrix x = Matrix.dense(KernelState.random(ROWS * classes, 1), 0, ROWS, classes);
    Matrix g = Matrix.dense(KernelState.random(ROWS * classes, 2), 0, ROWS, classes);
    Matrix to = Matrix.dense(out, 0, ROWS, classes);
    logSoftmax = state.kernels.elementwise().logSoftmax(x, to);
    logSoftmaxGrad = state.kernels.elementwise().logSoftmaxGrad(x, g, to);
  }

  /**
   * Log-softmax.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] logSoftmax(Work work) {
    logSoftmax.run();
    work.gelements += 1e-9 * ROWS * classes;
    return out;
  }

  /**
   * Its derivative.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] logSoftmaxGrad(Work work) {
    logSoftmaxGrad.run();
    work.gelements += 1e-9 * ROWS * classes;
    return out;
  }
}
