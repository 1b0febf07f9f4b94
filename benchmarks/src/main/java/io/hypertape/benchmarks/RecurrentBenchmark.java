package io.hypertape.benchmarks;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.internal.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * Two recurrent layers of 128 features over 50 sequences of 50 steps, forward and the gradient of
 * all they read: the core of a character model. An LSTM's products are 2·2500·128·512 operations
 * each, two a layer forward and four back: 3.9 GFLOP, three quarters of it for a GRU; the floor is
 * their time at gemm's speed.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class RecurrentBenchmark {
  private static final int STEPS = 50;
  private static final int BATCH = 50;
  private static final int FEATURES = 128;
  private static final int LAYERS = 2;

  /** Kinds of layers. */
  public enum Kind {
    /** Long short-term memory. */
    LSTM,
    /** Gated recurrent units. */
    GRU
  }

  /** Which layers. */
  @Param({"LSTM", "GRU"})
  public Kind kind;

  /** Threads of the backend. */
  @Param("1")
  public int threads;

  private Session session;
  private Workspace workspace;
  private Tensor cotangent;
  private final List<Tensor> operands = new ArrayList<>();

  /** Creates the benchmark; JMH sets the parameters. */
  public RecurrentBenchmark() {}

  /** Makes the operands. */
  @Setup(Level.Trial)
  public void open() {
    session = Session.open(SessionOptions.of(Device.CPU).withThreads(threads));
    workspace = INTERNALS.workspace(session);
    cotangent = session.normal(new int[] {STEPS, BATCH, FEATURES}, 1, 0);
    operands.add(session.normal(new int[] {STEPS, BATCH, FEATURES}, 1, 1));
    for (int state = 0; state < states(); state++) {
      operands.add(session.normal(new int[] {LAYERS, BATCH, FEATURES}, 1, 2 + state));
    }
    int gates = kind == Kind.LSTM ? 4 : 3;
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int[] shape :
          new int[][] {
            {gates * FEATURES, FEATURES},
            {gates * FEATURES, FEATURES},
            {gates * FEATURES},
            {gates * FEATURES}
          }) {
        operands.add(weight(shape));
      }
    }
  }

  /** Numbers between −0.1 and 0.1, about as a layer begins with. */
  private Tensor weight(int... shape) {
    float[] values = KernelState.random(Arrays.stream(shape).reduce(1, (a, b) -> a * b), 1);
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.2f * values[i] - 0.1f;
    }
    return session.tensor(values, shape);
  }

  private int states() {
    return kind == Kind.LSTM ? 2 : 1;
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    session.close();
  }

  /**
   * Forward and back.
   *
   * @return the gradients, for JMH to consume
   */
  @Benchmark
  public List<Tensor> sequence() {
    try (Tape tape = INTERNALS.tape(session, workspace)) {
      List<Tensor> in = operands.stream().map(tape::watch).toList();
      List<Tensor> weights = in.subList(1 + states(), in.size());
      Tensor output =
          kind == Kind.LSTM
              ? NeuralOps.lstm(in.get(0), in.get(1), in.get(2), weights).output()
              : NeuralOps.gru(in.get(0), in.get(1), weights).output();
      return tape.gradient(output.mul(cotangent).sum(), in);
    }
  }
}
