package io.hypertape.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Fused updates and hypergradients of 784 × 128 parameters, the perceptron's first layer. Scores
 * are elements per nanosecond.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class UpdateBenchmark {
  private static final int SIZE = 784 * 128;

  private final float[] p = KernelState.random(SIZE, 1);
  private final float[] g = KernelState.random(SIZE, 2);
  private final float[] m = KernelState.random(SIZE, 3);
  private final float[] v = KernelState.random(SIZE, 4);
  private final float[] c = KernelState.random(SIZE, 5);
  private final float[] pOut = new float[SIZE];
  private final float[] mOut = new float[SIZE];
  private final float[] vOut = new float[SIZE];
  private final float[] hyper = new float[3];

  /** Creates the benchmark. */
  public UpdateBenchmark() {}

  /**
   * Gradient descent.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sgd(KernelState state) {
    state.kernels.sgd(SIZE, p, 0, g, 0, 0.1f, pOut, 0);
    return pOut;
  }

  /**
   * Gradient descent with momentum.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sgdMomentum(KernelState state) {
    state.kernels.sgdMomentum(SIZE, p, 0, g, 0, m, 0, 0.1f, 0.9f, pOut, 0, mOut, 0);
    return pOut;
  }

  /**
   * RMSProp.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] rmsprop(KernelState state) {
    state.kernels.rmsprop(SIZE, p, 0, g, 0, v, 0, 0.1f, 0.9f, 1e-8f, pOut, 0, vOut, 0);
    return pOut;
  }

  /**
   * Adam.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] adam(KernelState state) {
    state.kernels.adam(
        SIZE, p, 0, g, 0, m, 0, v, 0, 0.1f, 0.9f, 0.99f, 1e-8f, 3f, pOut, 0, mOut, 0, vOut, 0);
    return pOut;
  }

  /**
   * The hypergradient of gradient descent.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] sgdHyper(KernelState state) {
    state.kernels.sgdHyper(SIZE, c, 0, g, 0, hyper);
    return hyper;
  }

  /**
   * The hypergradients of Adam.
   *
   * @param state the kernels
   * @return the result, for JMH to consume
   */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public float[] adamHyper(KernelState state) {
    state.kernels.adamHyper(SIZE, c, 0, g, 0, m, 0, v, 0, 0.1f, 0.9f, 0.99f, 1e-8f, 3f, hyper);
    return hyper;
  }
}
