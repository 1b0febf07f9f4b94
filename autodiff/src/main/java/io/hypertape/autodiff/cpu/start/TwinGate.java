package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.lanes.Call;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What keeps an operation from vectors that are not compiled yet. Callers get its scalar twin until
 * a trial on private operands, driven by another thread, has shown that vectors are faster.
 */
final class TwinGate {

  /** Runs of vectors, one after the other, that have to be faster. */
  private static final int PROOFS = 3;

  /** What vectors may take of the twin's time, for what is measured to be no accident. */
  private static final double FASTER = 0.8;

  /** After so many runs that were not lost by far the two are about as fast. */
  private static final int PATIENCE = 500;

  /**
   * The same before a trial of full size, which runs for long where something is not compiled yet:
   * small operands may be too small for vectors to win.
   */
  private static final int SHORT_PATIENCE = 2_000;

  /** Time in trials that halves a gate's priority, then makes it a third, and so on. */
  private static final long SHARE_NANOS = 20_000_000;

  /** After so many runs C2 has been at work, and what is not slower by this factor is its work. */
  private static final int MANY_RUNS = 10_000;

  private static final int SLOW = 10;

  /** Vectors that have not won in so much time never will. */
  private static final long MOST_NANOS = 60_000_000_000L;

  private enum State {
    CLOSED,
    OPEN,
    TWIN
  }

  /** Operands of more elements are not kept from one turn to another. */
  private static final long LARGE = 1 << 18;

  /** An operation on vectors, and its twin, on operands of a trial with so many elements. */
  record Pair(Call vectors, Call twin, long elements) {}

  /** One that is open. */
  static final TwinGate OPEN = new TwinGate("", new ArrayDeque<>());

  static {
    OPEN.open();
  }

  private final Object operation;
  private final Queue<Supplier<Pair>> trials;
  private final AtomicLong demand = new AtomicLong();
  private volatile State state = State.CLOSED;

  // Of the thread that drives.
  private @Nullable Supplier<Pair> trial;
  private @Nullable Pair pair;
  private int draws;
  private long spent;
  private long twinNanos;
  private long lastNanos;
  private int runs;
  private int proofs;

  /** The gate of an operation, which opens when every one of the trials is won. */
  TwinGate(Object operation, Queue<Supplier<Pair>> trials) {
    this.operation = operation;
    this.trials = new ArrayDeque<>(trials);
    if (trials.isEmpty()) {
      open();
    }
  }

  /** Whether the operation runs on vectors. */
  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether it is still to be found out how the operation runs best. */
  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether it has been found out that it runs best by its twin. */
  boolean keepsTwin() {
    return state == State.TWIN;
  }

  String operation() {
    return operation.toString();
  }

  /** Nanoseconds that callers have waited for the twin. */
  long demand() {
    return demand.get();
  }

  void waited(long nanos) {
    demand.addAndGet(nanos);
  }

  /**
   * Nanoseconds that callers have waited, the less the longer this has been driven: what C2 has
   * been asked for takes a while, and the turn is another gate's.
   */
  long priority() {
    return demand() / (1 + spent / SHARE_NANOS);
  }

  /** Runs the trial once, and opens the gate if that was the last proof. */
  void drive() {
    if (!isClosed()) {
      return;
    }
    try {
      if (trial == null) {
        trial = trials.remove();
        twinNanos = Long.MAX_VALUE;
        runs = 0;
        proofs = 0;
        draws = 0;
      }
      if (pair == null) {
        pair = trial.get();
      }
      lastNanos = time(pair.vectors());
      spent += lastNanos;
      // The twin gets compiled too; it is timed seldom, as it may be long.
      if ((runs & runs - 1) == 0) {
        twinNanos = Math.min(twinNanos, time(pair.twin()));
      }
      runs++;
      proofs = lastNanos < FASTER * twinNanos ? proofs + 1 : 0;
      draws += lastNanos / 2 < twinNanos ? 1 : 0;
      if (proofs == PROOFS || draws == (trials.isEmpty() ? PATIENCE : SHORT_PATIENCE)) {
        next();
      } else if (runs > MANY_RUNS && lastNanos / SLOW < twinNanos) {
        // Vectors are compiled, or they would be slower by far, and do not win with few elements.
        lost();
      } else if (spent > MOST_NANOS) {
        end(State.TWIN);
      }
    } catch (RuntimeException | Error e) {
      // Operands that cannot be tried, or for which there is no room: callers learn from the
      // operation itself what is wrong.
      open();
    }
  }

  private static long time(Call call) {
    long begin = System.nanoTime();
    call.run();
    return System.nanoTime() - begin;
  }

  /** It is another's turn: memory is for callers. */
  void rest() {
    if (pair != null && pair.elements() > LARGE) {
      pair = null;
    }
  }

  private void lost() {
    if (trials.isEmpty()) {
      end(State.TWIN);
    } else {
      next();
    }
  }

  private void next() {
    trial = null;
    pair = null;
    if (trials.isEmpty()) {
      open();
    }
  }

  /** Nanoseconds that trials have taken. */
  long spent() {
    return spent;
  }

  /** Opens without a proof. */
  void open() {
    end(State.OPEN);
  }

  private void end(State result) {
    state = result;
    trial = null;
    pair = null;
    trials.clear();
  }
}
