package io.hypertape.benchmarks;

import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
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
 * Elementwise functions on contiguous arrays: 2048 elements, which stay in the first-level cache,
 * and 32768 = 256 × 128, the hidden layer of a batch, which stay in the second. Counts elements of
 * the result ({@code gelements}, in 10⁹ a second). The floor of add, mul and relu is bytes: 12 an
 * element for two operands, 8 for one, so at 64 bytes a clock 5.3 or 8 elements; of the others the
 * arithmetic of their polynomials, 10 to 25 FMAs for each vector of lanes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class ElementwiseBenchmark {

  /** The functions under test. */
  public enum Function {
    /** a + b. */
    ADD,
    /** a · b. */
    MUL,
    /** max(x, 0). */
    RELU,
    /** Hyperbolic tangent. */
    TANH,
    /** e^x. */
    EXP,
    /** Natural logarithm. */
    LOG,
    /** 1/(1+e^−x). */
    SIGMOID
  }

  /** Which function. */
  @Param({"ADD", "MUL", "RELU", "TANH", "EXP", "LOG", "SIGMOID"})
  public Function function;

  /** Number of elements. */
  @Param({"2048", "32768"})
  public int size;

  private Call call;
  private float[] out;

  /** Creates the benchmark; JMH sets the parameters. */
  public ElementwiseBenchmark() {}

  /**
   * Makes the operands.
   *
   * @param state the kernels
   */
  @Setup
  public void fill(KernelState state) {
    out = new float[size];
    Strided x = Strided.dense(KernelState.random(size, 1), 0, new int[] {size});
    Strided y = Strided.dense(KernelState.random(size, 2), 0, new int[] {size});
    Strided to = Strided.dense(out, 0, new int[] {size});
    Elementwise elementwise = state.kernels.elementwise();
    call =
        switch (function) {
          case ADD, MUL -> elementwise.binary(BinaryOp.valueOf(function.name()), x, y, to);
          default -> elementwise.unary(UnaryOp.valueOf(function.name()), x, to);
        };
  }

  /**
   * The function on all elements.
   *
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] elementwise(Work work) {
    call.run();
    work.gelements += 1e-9 * size;
    return out;
  }
}
