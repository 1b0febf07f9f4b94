package io.hypertape.benchmarks;

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
 * Fused updates and hypergradients of 784 × 128 parameters, the perceptron's first layer, which
 * stay in the second-level cache or the third. Counts parameters ({@code gelements}, in 10⁹ a
 * second). The floor is bytes, 4 for each array that is read or written: 12 a parameter for sgd (p,
 * g; p'), 20 with a buffer (p, g, b; p', b'), 28 for adam (p, g, m, v; p', m', v'); their
 * hypergradients read 8 (c, g), 12 and 16 and write nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
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
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sgd(KernelState state, Work work) {
    state.kernels.sgd(SIZE, p, 0, g, 0, 0.1f, pOut, 0);
    work.gelements += 1e-9 * SIZE;
    return pOut;
  }

  /**
   * Gradient descent with momentum.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sgdMomentum(KernelState state, Work work) {
    state.kernels.sgdMomentum(SIZE, p, 0, g, 0, m, 0, 0.1f, 0.9f, pOut, 0, mOut, 0);
    work.gelements += 1e-9 * SIZE;
    return pOut;
  }

  /**
   * AdaGrad.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] adagrad(KernelState state, Work work) {
    state.kernels.adagrad(SIZE, p, 0, g, 0, v, 0, 0.1f, 1e-10f, pOut, 0, vOut, 0);
    work.gelements += 1e-9 * SIZE;
    return pOut;
  }

  /**
   * RMSProp.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] rmsprop(KernelState state, Work work) {
    state.kernels.rmsprop(SIZE, p, 0, g, 0, v, 0, 0.1f, 0.9f, 1e-8f, pOut, 0, vOut, 0);
    work.gelements += 1e-9 * SIZE;
    return pOut;
  }

  /**
   * Adam.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] adam(KernelState state, Work work) {
    state.kernels.adam(
        SIZE, p, 0, g, 0, m, 0, v, 0, 0.1f, 0.9f, 0.99f, 1e-8f, 3f, pOut, 0, mOut, 0, vOut, 0);
    work.gelements += 1e-9 * SIZE;
    return pOut;
  }

  /**
   * The hypergradient of gradient descent.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sgdHyper(KernelState state, Work work) {
    state.kernels.sgdHyper(SIZE, c, 0, g, 0, hyper);
    work.gelements += 1e-9 * SIZE;
    return hyper;
  }

  /**
   * The hypergradients of gradient descent with momentum.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] sgdMomentumHyper(KernelState state, Work work) {
    state.kernels.sgdMomentumHyper(SIZE, c, 0, g, 0, m, 0, 0.1f, 0.9f, hyper);
    work.gelements += 1e-9 * SIZE;
    return hyper;
  }

  /**
   * The hypergradient of AdaGrad.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] adagradHyper(KernelState state, Work work) {
    state.kernels.adagradHyper(SIZE, c, 0, g, 0, v, 0, 1e-10f, hyper);
    work.gelements += 1e-9 * SIZE;
    return hyper;
  }

  /**
   * The hypergradients of RMSProp.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] rmspropHyper(KernelState state, Work work) {
    state.kernels.rmspropHyper(SIZE, c, 0, g, 0, v, 0, 0.1f, 0.9f, 1e-8f, hyper);
    work.gelements += 1e-9 * SIZE;
    return hyper;
  }

  /**
   * The hypergradients of Adam.
   *
   * @param state the kernels
   * @param work counts parameters
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] adamHyper(KernelState state, Work work) {
    state.kernels.adamHyper(SIZE, c, 0, g, 0, m, 0, v, 0, 0.1f, 0.9f, 0.99f, 1e-8f, 3f, hyper);
    work.gelements += 1e-9 * SIZE;
    return hyper;
  }
}
