package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.layers.CellShape;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.Random;
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
 * What layers do beside products: pooling of a batch's first layer of digits [256, 16, 28, 28],
 * batch normalization of a ResNet's second stage [128, 32, 16, 16], rows of an embedding, a mask
 * for dropout and recurrent cells of 50 sequences and 128 features. Counts elements of the larger
 * operand, of cells those of a state ({@code gelements}, in 10⁹ a second). Floors are bytes: of
 * batch normalization 8 read and 4 written an element, its derivative 16 and 4, of the bias
 * gradient 8 and 4; of cells the five exponentials that an LSTM takes for an element of its state,
 * a GRU three.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class LayerBenchmark {
  private static final PoolingShape WINDOWS = new PoolingShape(256 * 16, 28, 28, 2, 2, 2, 2, 0, 0);
  private static final int BATCH = 128;
  private static final int CHANNELS = 32;
  private static final int PLANE = 256;
  private static final int TOKENS = 2500;
  private static final int WORDS = 90;
  private static final int FEATURES = 128;
  private static final int EXAMPLES = 256;
  private static final CellShape CELL = new CellShape(50, FEATURES, 4 * FEATURES);

  private final float[] x = KernelState.random(WINDOWS.planes() * WINDOWS.plane(), 1);
  private final float[] y = KernelState.random(x.length, 2);
  private final float[] out = new float[x.length];
  private final float[] channels = KernelState.random(4 * CHANNELS, 3);
  private final float[] bias = KernelState.random(4 * FEATURES, 4);
  private final float[] state = KernelState.random(4 * CELL.size(), 5);
  private final int[] places = new int[WINDOWS.planes() * WINDOWS.outPlane()];
  private final int[] rows = new Random(6).ints(TOKENS, 0, WORDS).toArray();

  /** Creates the benchmark. */
  public LayerBenchmark() {}

  private float[] count(Work work, int elements) {
    work.gelements += 1e-9 * elements;
    return out;
  }

  /**
   * Largest elements and their places.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] maxPool(KernelState kernels, Work work) {
    kernels.kernels.maxPool(WINDOWS, x, 0, out, 0, places, 0);
    return count(work, x.length);
  }

  /**
   * Its derivative.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] maxPoolScatter(KernelState kernels, Work work) {
    kernels.kernels.maxPoolScatter(WINDOWS, y, 0, places, 0, out, 0);
    return count(work, x.length);
  }

  /**
   * Means of windows.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] averagePool(KernelState kernels, Work work) {
    kernels.kernels.averagePool(WINDOWS, x, 0, out, 0);
    return count(work, x.length);
  }

  /**
   * Batch normalization.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] batchNorm(KernelState kernels, Work work) {
    kernels.kernels.batchNorm(
        BATCH,
        CHANNELS,
        PLANE,
        1e-5,
        x,
        0,
        channels,
        0,
        channels,
        0,
        out,
        0,
        channels,
        2 * CHANNELS,
        channels,
        3 * CHANNELS);
    return count(work, BATCH * CHANNELS * PLANE);
  }

  /**
   * Its derivatives.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] batchNormGrad(KernelState kernels, Work work) {
    kernels.kernels.batchNormGrad(
        BATCH,
        CHANNELS,
        PLANE,
        y,
        0,
        x,
        0,
        channels,
        0,
        channels,
        0,
        channels,
        CHANNELS,
        out,
        0,
        channels,
        2 * CHANNELS,
        channels,
        3 * CHANNELS);
    return count(work, BATCH * CHANNELS * PLANE);
  }

  /**
   * Rows of an embedding.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] gatherRows(KernelState kernels, Work work) {
    kernels.kernels.gatherRows(TOKENS, WORDS, FEATURES, x, 0, rows, 0, out, 0);
    return count(work, TOKENS * FEATURES);
  }

  /**
   * Its derivative.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] scatterRows(KernelState kernels, Work work) {
    kernels.kernels.scatterRows(TOKENS, WORDS, FEATURES, x, 0, rows, 0, out, 0);
    return count(work, TOKENS * FEATURES);
  }

  /**
   * The derivatives of a dense layer of 256 examples and 128 features with tanh, by its bias and by
   * what that was added to.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] biasGradient(KernelState kernels, Work work) {
    int n = EXAMPLES * FEATURES;
    kernels.kernels.activationBiasGrad(
        DenseActivation.TANH,
        EXAMPLES,
        FEATURES,
        x,
        0,
        FEATURES,
        y,
        0,
        FEATURES,
        out,
        0,
        FEATURES,
        out,
        n);
    return count(work, n);
  }

  /**
   * A mask for dropout.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] dropoutMask(KernelState kernels, Work work) {
    kernels.kernels.dropoutMask(0.8, 1, 2, out, 0, TOKENS * FEATURES);
    return count(work, TOKENS * FEATURES);
  }

  /**
   * A step of an LSTM. Its gates are those of the step before: they stay between −1 and 1.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] lstmCell(KernelState kernels, Work work) {
    int n = CELL.size();
    kernels.kernels.lstmCell(CELL, y, 0, bias, 0, state, 0, out, 0, out, n, out, 2 * n);
    return count(work, n);
  }

  /**
   * Its derivatives.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] lstmCellGrad(KernelState kernels, Work work) {
    int n = CELL.size();
    kernels.kernels.lstmCellGrad(
        CELL, x, 0, state, 0, state, n, state, 2 * n, state, 3 * n, out, 0, out, n);
    return count(work, n);
  }

  /**
   * A step of a gated recurrent unit.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] gruCell(KernelState kernels, Work work) {
    int n = CELL.size();
    kernels.kernels.gruCell(CELL, y, 0, x, 0, bias, 0, out, 0, state, 0, out, n);
    return count(work, n);
  }

  /**
   * Its derivatives.
   *
   * @param kernels the kernels
   * @param work counts elements
   * @return the result, for JMH to consume
   */
  @Benchmark
  public float[] gruCellGrad(KernelState kernels, Work work) {
    int n = CELL.size();
    kernels.kernels.gruCellGrad(
        CELL, x, 0, state, 0, state, n, state, 2 * n, out, 0, out, n, out, 8 * n);
    return count(work, n);
  }
}
