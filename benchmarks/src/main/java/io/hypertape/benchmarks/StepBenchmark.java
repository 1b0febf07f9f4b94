package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.BatchLoader;
import io.hypertape.data.Batches;
import io.hypertape.data.Strokes;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole training step of the paper's MLP (784-128-10, tanh, batch 256) under towers of height 0,
 * 1, 2, 3 and 50, and the self-tuning one: batch (made ahead on a thread of its own), forward,
 * backward and the update of every level. Its gemms are 2·256·(784·128·2 + 128·10·3) = 105 MFLOP;
 * the floor is their time, measured by {@link StepGemmsBenchmark}. With JMH's gc profiler also heap
 * bytes allocated a step.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class StepBenchmark {
  private static final int BATCH = 256;

  /** The tower. */
  @Param({
    "sgd(0.01)",
    "sgd(0.01)/sgd(1e-4)",
    "sgd(0.01)/sgd(1e-4)^2",
    "sgd(0.01)/sgd(1e-4)^3",
    "sgd(0.01)/sgd(1e-4)^50",
    "adam(1e-3)",
    "adam(1e-3)/sgd(1e-5)",
    "adam(1e-3)/sgd(1e-5)^2",
    "adam(1e-3)/sgd(1e-5)^3",
    "adam(1e-3)/sgd(1e-5)^50",
    "auto(adam) schedule=decay(0.5, 1000000)"
  })
  public String tower;

  /** Threads of the backend. */
  @Param("1")
  public int threads;

  private Session session;
  private Mlp model;
  private TowerOptimizer optimizer;
  private TrainingStep step;
  private BatchLoader batches;
  private int epoch;

  /** Creates the benchmark; JMH sets the parameters. */
  public StepBenchmark() {}

  /** Makes model, tower and data. */
  @Setup(Level.Trial)
  public void open() {
    session =
        Session.open(
            SessionOptions.of(Device.CPU)
                .withThreads(threads)
                .withSimd(SessionOptions.Simd.VECTOR));
    model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
    optimizer = Tower.parse(tower).bind(session, model.parameters());
    step =
        optimizer.prepare(
            in -> Losses.nll(model.forward(in.get(0), io.hypertape.models.Mode.TRAIN), in.get(1)));
    batches =
        new BatchLoader(Strokes.generate(1, 40 * BATCH, 0).train(), BATCH, Batches.LastBatch.DROP);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    batches.close();
    optimizer.close();
    session.close();
  }

  /**
   * One step.
   *
   * @return the loss, for JMH to consume
   */
  @Benchmark
  public double step() {
    if (!batches.next()) {
      batches.shuffle(1, ++epoch);
      batches.next();
    }
    return step.run(Input.floats(batches.x(), BATCH, 784), Input.indices(batches.y())).item();
  }
}
