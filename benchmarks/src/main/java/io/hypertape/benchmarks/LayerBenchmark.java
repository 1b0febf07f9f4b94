package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
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
  private static final int SEQUENCES = 50;
  private static final BatchNorm.Shape SHAPE = new BatchNorm.Shape(BATCH, CHANNELS, PLANE);

  private final float[] x = KernelState.random(WINDOWS.planes() * WINDOWS.plane(), 1);
  private final float[] y = KernelState.random(x.length, 2);
  private final float[] out = new float[x.length];
  private final float[] channels = KernelState.random(4 * CHANNELS, 3);
  private final float[] bias = KernelState.random(4 * FEATURES, 4);
  private final float[] state = KernelState.random(4 * SEQUENCES * FEATURES, 5);
  private final Ints places = Ints.of(new int[WINDOWS.planes() * WINDOWS.outPlane()]);
  private final Ints rows = Ints.of(new Random(6).ints(TOKENS, 0, WORDS).toArray());
  private final Ints counter = Ints.of(2);
  private final Floats images = Floats.of(x);
  private final Floats pooled = new Floats(out, 0, places.length());

  /** Creates the benchmark. */
  public LayerBenchmark() {}

  private float[] count(Work work, int elements) {
    work.gelements += 1e-9 * elements;
    return out;
  }

  private Floats channels(int i) {
    return new Floats(channels, i * CHANNELS, CHANNELS);
  }

  private static Floats state(float[] x, int i) {
    return new Floats(x, i * SEQUENCES * FEATURES, SEQUENCES * FEATURES);
  }

  /** Rows have room for four gates. */
  private static Matrix gates(float[] x, int gates) {
    return new Matrix(x, 0, SEQUENCES, gates * FEATURES, 4 * FEATURES, 1);
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
    kernels.kernels.layers().maxPool(WINDOWS, images, pooled, places).run();
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
    Floats in = new Floats(y, 0, places.length());
    kernels.kernels.layers().maxPoolScatter(WINDOWS, in, places, Floats.of(out)).run();
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
    kernels.kernels.layers().averagePool(WINDOWS, images, pooled).run();
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
    int n = BATCH * CHANNELS * PLANE;
    var operands =
        new BatchNorm.Forward(
            SHAPE,
            1e-5,
            new Floats(x, 0, n),
            channels(0),
            channels(0),
            new Floats(out, 0, n),
            new BatchNorm.Statistics(channels(2), channels(3)));
    kernels.kernels.layers().batchNorm(operands).run();
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
  public float[] batchNormGrad(KernelState kernels, Work work) {
    int n = BATCH * CHANNELS * PLANE;
    var operands =
        new BatchNorm.Backward(
            SHAPE,
            new Floats(y, 0, n),
            new Floats(x, 0, n),
            channels(0),
            new BatchNorm.Statistics(channels(0), channels(1)),
            new Floats(out, 0, n),
            channels(2),
            channels(3));
    kernels.kernels.layers().batchNormGrad(operands).run();
    return count(work, n);
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
    Matrix table = Matrix.dense(x, 0, WORDS, FEATURES);
    Matrix taken = Matrix.dense(out, 0, TOKENS, FEATURES);
    kernels.kernels.layers().gatherRows(table, rows, taken).run();
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
    Matrix in = Matrix.dense(x, 0, TOKENS, FEATURES);
    Matrix sums = Matrix.dense(out, 0, WORDS, FEATURES);
    kernels.kernels.layers().scatterRows(in, rows, sums).run();
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
    kernels
        .kernels
        .products()
        .denseGrad(
            DenseActivation.TANH,
            new Matrix(x, 0, EXAMPLES, FEATURES, FEATURES, 1),
            new Matrix(y, 0, EXAMPLES, FEATURES, FEATURES, 1),
            new Matrix(out, 0, EXAMPLES, FEATURES, FEATURES, 1),
            new Floats(out, n, FEATURES))
        .run();
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
    Floats mask = new Floats(out, 0, TOKENS * FEATURES);
    kernels.kernels.layers().dropoutMask(0.8, 1, counter, mask).run();
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
    int n = SEQUENCES * FEATURES;
    var cell =
        new Cells.Lstm(
            gates(y, 4),
            Floats.of(bias),
            state(state, 0),
            state(out, 0),
            state(out, 1),
            state(out, 2));
    kernels.kernels.layers().lstmCell(cell).run();
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
    int n = SEQUENCES * FEATURES;
    var cell =
        new Cells.LstmGrad(
            gates(x, 4),
            state(state, 0),
            state(state, 1),
            state(state, 2),
            state(state, 3),
            state(out, 0),
            Matrix.dense(out, n, SEQUENCES, 4 * FEATURES));
    kernels.kernels.layers().lstmCellGrad(cell).run();
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
    int n = SEQUENCES * FEATURES;
    var cell =
        new Cells.Gru(
            gates(y, 3),
            gates(x, 3),
            Floats.of(bias),
            state(out, 0),
            state(state, 0),
            state(out, 1));
    kernels.kernels.layers().gruCell(cell).run();
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
    int n = SEQUENCES * FEATURES;
    var cell =
        new Cells.GruGrad(
            gates(x, 3),
            state(state, 0),
            state(state, 1),
            state(state, 2),
            state(out, 0),
            new Matrix(out, n, SEQUENCES, 3 * FEATURES, 4 * FEATURES, 1),
            new Matrix(out, 8 * n, SEQUENCES, 3 * FEATURES, 4 * FEATURES, 1));
    kernels.kernels.layers().gruCellGrad(cell).run();
    return count(work, n);
  }
}
