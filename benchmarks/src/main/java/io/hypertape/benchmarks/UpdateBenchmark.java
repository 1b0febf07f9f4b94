package io.hypertape.benchmarks;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Fused updates and hypergradients of 784 × 128 parameters, the perceptron's first layer, which
 * stay in the second-level cache or the third. Counts parameters ({@code gelements}, in 10⁹ a
 * second). The floor is bytes, 4 for each array that is read or written, told of each {@link
 * UpdateOp}: 12 a parameter for gradient descent, 28 for Adam; their hypergradients read 8 and 16
 * and write nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class UpdateBenchmark {
  private static final int SIZE = 784 * 128;

  /** What is done to each parameter. */
  @Param({
    "SGD",
    "SGD_HYPER",
    "SGD_MOMENTUM",
    "SGD_MOMENTUM_HYPER",
    "ADAGRAD",
    "ADAGRAD_HYPER",
    "RMSPROP",
    "RMSPROP_HYPER",
    "ADAM",
    "ADAM_HYPER",
    "TRACE",
    "PRODIGY_TERMS",
    "DADAPT_ADAM_TERMS",
    "DADAPT_SGD_TERMS",
    "DISTANCE_TERMS",
    "MECHANIC_TERMS",
    "MEANS_STEP",
    "SCHEDULE_FREE_SGD",
    "SCHEDULE_FREE_ADAM",
    "GRADIENT_TERMS",
    "SCALED_STEP",
    "SCALED_MOMENTUM"
  })
  public UpdateOp update;

  private final float[] sums = new float[4];
  private Call call = () -> {};

  /** Creates the benchmark. */
  public UpdateBenchmark() {}

  /**
   * Makes operands.
   *
   * @param state the kernels
   */
  @Setup(Level.Trial)
  public void operands(KernelState state) {
    Floats[] vectors = new Floats[update.vectors().size()];
    Arrays.setAll(vectors, i -> Floats.of(KernelState.random(SIZE, i)));
    double[] scalars = new double[update.scalars().size()];
    // Decays and what stands below quotients among them; step counts of less than 1 are as good.
    Arrays.fill(scalars, 0.9f);
    call = state.kernels.updates().of(update, scalars, sums, vectors);
  }

  /**
   * An update or a hypergradient.
   *
   * @param work counts parameters
   * @return sums, for JMH to consume
   */
  @Benchmark
  public float[] update(Work work) {
    call.run();
    work.gelements += 1e-9 * SIZE;
    return sums;
  }
}
