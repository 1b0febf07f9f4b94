package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * What self-tuning costs: training steps under an optimizer and under {@code auto} of it, in turns
 * of some 10 ms in one process, in an order that is reversed from turn to turn. An operation is a
 * turn of both; what each of them takes is counted beside it, of one thread its time on the
 * processor: other work on the machine disturbs what differs by a few percent. The floor of what
 * {@code auto} adds is bytes: weights, gradients and running means read, and means written, 16 a
 * parameter, where Adam's update has 28.
 *
 * <p>Step sizes are held, as they are while they decay, which changes no operation: both sides then
 * learn alike. Steps of an LSTM take longer with some weights than with others.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 15, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class TuningBenchmark {

  /** How long a turn shall last, in nanoseconds. */
  private static final long TURN = 10_000_000;

  /** Model and optimizer. */
  @Param({
    "mlp adam(0.001)",
    "mlp sgd(0.1, mu=0.9)",
    "char-lstm adam(0.001)",
    "resnet20 adam(0.001)",
    "resnet20 sgd(0.01, mu=0.9)"
  })
  public String step;

  /** Threads of the backend. */
  @Param("1")
  public int threads;

  private Side plain;
  private Side tuned;
  private int count;
  private boolean reversed;

  /** Creates the benchmark; JMH sets the parameters. */
  public TuningBenchmark() {}

  /** What the sides took in an iteration. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Turns {
    /** Nanoseconds of the optimizer's steps, on the processor if there is one thread. */
    public long plainTime;

    /** Nanoseconds of the self-tuning ones, likewise. */
    public long tunedTime;

    /** Heap bytes of the optimizer's steps. */
    public long plainBytes;

    /** Heap bytes of the self-tuning ones. */
    public long tunedBytes;

    /** Steps of each side. */
    public long steps;

    /** Creates the counters; JMH does. */
    public Turns() {}
  }

  /** One side at work, in a session of its own. */
  private static final class Side {
    private static final com.sun.management.ThreadMXBean THREADS =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final boolean isAlone;
    private final Session session;
    private final TunedModel model;
    private final TowerOptimizer optimizer;
    private final TrainingStep step;
    private int place;
    private double loss;
    private long time;
    private long bytes;

    Side(String model, String tower, int threads) {
      isAlone = threads == 1;
      session =
          Session.open(
              SessionOptions.of(Device.CPU)
                  .withThreads(threads)
                  .withSimd(SessionOptions.Simd.VECTOR));
      this.model = TunedModel.of(model, session);
      optimizer = Tower.parse(tower).bind(session, this.model.parameters());
      step = optimizer.prepare(this.model.loss());
    }

    void run(int count) {
      long from = THREADS.getCurrentThreadAllocatedBytes();
      long start = now();
      for (int i = 0; i < count; i++) {
        loss = step.run(model.batches().get(place)).item();
        place = (place + 1) % model.batches().size();
      }
      time = now() - start;
      bytes = THREADS.getCurrentThreadAllocatedBytes() - from;
    }

    /** Where all is done by this thread, what others take from it does not count. */
    private long now() {
      return isAlone ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    void close() {
      optimizer.close();
      session.close();
    }
  }

  /** Makes both sides, and finds how many steps a turn has. */
  @Setup(Level.Trial)
  public void open() {
    int space = step.indexOf(' ');
    String optimizer = step.substring(space + 1);
    plain = new Side(step.substring(0, space), optimizer, threads);
    tuned =
        new Side(
            step.substring(0, space),
            "auto(" + optimizer + ") schedule=decay(1, 1000000000)",
            threads);
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      plain.run(1);
      fastest = Math.min(fastest, plain.time);
    }
    count = (int) Math.max(1, TURN / fastest);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    tuned.close();
    plain.close();
  }

  /**
   * A turn of both sides.
   *
   * @param turns counts
   * @return the losses' sum, for JMH to consume
   */
  @Benchmark
  public double tuning(Turns turns) {
    (reversed ? tuned : plain).run(count);
    (reversed ? plain : tuned).run(count);
    reversed = !reversed;
    turns.plainTime += plain.time;
    turns.tunedTime += tuned.time;
    turns.plainBytes += plain.bytes;
    turns.tunedBytes += tuned.bytes;
    turns.steps += count;
    return plain.loss + tuned.loss;
  }
}
