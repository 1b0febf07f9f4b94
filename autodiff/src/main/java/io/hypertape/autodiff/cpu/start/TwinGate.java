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

  /** What callers have to wait for a twin before there are trials. */
  private static final long LEAST_NANOS = 1_000_000;

  /** So many nanoseconds in trials for one that callers have waited. */
  private static final int SHARE_OF_TRIALS = 32;

  /** Time in trials that halves a gate's priority, then makes it a third, and so on. */
  private static final long SHARE_NANOS = 20_000_000;

  /** After so many runs C2 has been at work, and what is not slower by this factor is its work. */
  private static final int MANY_RUNS = 10_000;

  private static final int SLOW = 10;

  /** Bytes beyond the twin's that are no vectors, or of a few only, which cost next to nothing. */
  private static final long FEW_BYTES = 4096;

  /** Time in trials after which vectors that win are taken as they are, objects or not. */
  private static final long COMPILING_NANOS = 500_000_000L;

  /** Open vectors are slow when they take so many times what the twin takes. */
  private static final int SLOWER = 3;

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

  /** What the twin takes for operands of full size; as good as for ever while that is not known. */
  private volatile long standard = Long.MAX_VALUE;

  private volatile boolean slipped;

  /** The trial of full size, for the gate to be opened anew; written before it is opened. */
  private @Nullable Supplier<Pair> whole;

  // Of the thread that drives.
  private @Nullable Supplier<Pair> trial;
  private @Nullable Pair pair;
  private int draws;
  private long spent;
  private long twinNanos;
  private long twinBytes;
  private long lastNanos;
  private long begun;
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
   * Whether callers have waited long enough for vectors to be worth their trials: what is done once
   * when a model is made never is.
   */
  boolean isWorthIt() {
    return demand() > LEAST_NANOS + spent / SHARE_OF_TRIALS;
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
        whole = trials.isEmpty() ? trial : null;
        begun = spent;
        twinNanos = Long.MAX_VALUE;
        runs = 0;
        proofs = 0;
        draws = 0;
      }
      if (pair == null) {
        pair = trial.get();
      }
      long before = AllocatedBytes.ofThread();
      lastNanos = time(pair.vectors());
      long bytes = AllocatedBytes.ofThread() - before;
      spent += lastNanos;
      // The twin gets compiled too; it is timed seldom, as it may be long.
      if ((runs & runs - 1) == 0) {
        before = AllocatedBytes.ofThread();
        twinNanos = Math.min(twinNanos, time(pair.twin()));
        twinBytes = AllocatedBytes.ofThread() - before;
      }
      runs++;
      boolean compiled = bytes <= twinBytes + FEW_BYTES || spent - begun > COMPILING_NANOS;
      proofs = compiled && lastNanos < FASTER * twinNanos ? proofs + 1 : 0;
      draws += compiled && lastNanos / 2 < twinNanos ? 1 : 0;
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
      standard = twinNanos;
      open();
    }
  }

  /** Nanoseconds that trials have taken. */
  long spent() {
    return spent;
  }

  /**
   * Takes in what a caller's vectors took; one slow run may have been interrupted, and a second one
   * is not what has been tried.
   *
   * @return whether callers are better off with the twin for now
   */
  boolean hasSlipped(long nanos) {
    boolean slow = nanos / SLOWER > standard;
    boolean again = slow && slipped;
    if (slow != slipped) {
      slipped = slow;
    }
    return again;
  }

  /**
   * Closes an open gate, for the trial of full size to be won once more.
   *
   * @return whether it was open
   */
  boolean close() {
    if (!isOpen() || whole == null) {
      return false;
    }
    trials.add(whole);
    slipped = false;
    state = State.CLOSED;
    return true;
  }

  /** Opens without a proof. */
  void open() {
    end(State.OPEN);
  }

  private void end(State result) {
    trial = null;
    pair = null;
    trials.clear();
    // Last: whoever sees it may close the gate again.
    state = result;
  }
}
