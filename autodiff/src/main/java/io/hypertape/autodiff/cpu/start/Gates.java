package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.events.FlightEvents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The gates of a JVM's vector kernels, and the thread that opens them. Vectors that C2 has not
 * compiled yet are a thousand times slower than they will be, and slower than scalar kernels by
 * far: in the first seconds operations run by their twins, while this thread runs trials, those
 * most of all for whose twins callers have waited longest. Half of the time it rests. It ends when
 * there is nothing left to open for which callers wait, or when the last kernels are closed.
 *
 * <p>What is compiled is so for the whole JVM: kernels that are opened later find the gates open,
 * or go on where the last ones were closed.
 */
final class Gates {

  /** Those of this JVM. */
  static final Gates JVM = new Gates();

  /** Twins are compiled first; what ends soon never needs vectors. */
  private static final long DELAY_NANOS = 400_000_000;

  /** How long a gate is driven before it may be another's turn. */
  private static final long TURN_NANOS = 5_000_000;

  /**
   * Time in trials of a gate after which it gets a third of the time instead of half, and so on.
   */
  private static final long PATIENCE_NANOS = 2_000_000_000;

  /** Shapes that are told apart: where there are more, new ones come without end. */
  private static final int MOST = 4096;

  private final Map<Object, TwinGate> gates = new ConcurrentHashMap<>();
  private final List<TwinGate> closedGates = new ArrayList<>();
  private int users;
  private @Nullable Thread thread;
  private volatile boolean driven;
  private boolean delayed;

  private Gates() {}

  /** Kernels are opened that use gates. */
  synchronized void enter() {
    users++;
    if (closedGates.stream().anyMatch(TwinGate::isWorthIt)) {
      start();
    }
  }

  /** Such kernels are closed; after the last ones the turn that is under way is the last one. */
  synchronized void leave() {
    users--;
    if (users == 0) {
      LockSupport.unpark(thread);
    }
  }

  /** The gate of an operation that has been met with, an open one where there are too many. */
  @Nullable TwinGate get(Object key) {
    TwinGate gate = gates.get(key);
    return gate == null && gates.size() >= MOST ? TwinGate.OPEN : gate;
  }

  /** Takes in the gate of an operation, to be opened in time; another's if that was there first. */
  synchronized TwinGate add(Object key, TwinGate gate) {
    TwinGate before = gates.putIfAbsent(key, gate);
    if (before != null) {
      return before;
    }
    closedGates.add(gate);
    return gate;
  }

  /** Takes in that a caller has waited for the twin of a closed gate, which may be enough now. */
  void waited(TwinGate gate, long nanos) {
    gate.waited(nanos);
    if (!driven && gate.isWorthIt()) {
      synchronized (this) {
        start();
      }
    }
  }

  /** Closes a gate whose vectors have become slow, for the thread to open it again. */
  synchronized void again(TwinGate gate) {
    if (gate.close()) {
      // It may be there still, when it has just been opened.
      if (!closedGates.contains(gate)) {
        closedGates.add(gate);
      }
      start();
    }
  }

  /** Whether there are gates to be opened, and so, perhaps, code that is compiled anew. */
  boolean areDriven() {
    return driven;
  }

  private void start() {
    if (thread == null && users > 0 && !closedGates.isEmpty()) {
      Thread fresh =
          Thread.ofPlatform()
              .name("hypertape-compiles")
              .daemon()
              .inheritInheritableThreadLocals(false)
              .unstarted(this::work);
      fresh.setContextClassLoader(null);
      fresh.start();
      thread = fresh;
      driven = true;
    }
  }

  /** Nanoseconds that callers have waited so far for twins of closed gates. */
  long demand() {
    long sum = 0;
    for (TwinGate gate : gates.values()) {
      sum += gate.demand();
    }
    return sum;
  }

  synchronized KernelProgress progress() {
    return new KernelProgress(gates.size() - closedGates.size(), gates.size());
  }

  private void work() {
    if (!delayed) {
      delayed = true;
      LockSupport.parkNanos(DELAY_NANOS);
    }
    TwinGate before = null;
    for (TwinGate gate = next(); gate != null; gate = next()) {
      if (before != null && before != gate) {
        before.rest();
      }
      before = gate;
      long begin = System.nanoTime();
      do {
        gate.drive();
      } while (gate.isClosed() && System.nanoTime() - begin < TURN_NANOS);
      // Less and less of the time if vectors do not become faster.
      long rests = 1 + gate.spent() / PATIENCE_NANOS;
      LockSupport.parkNanos(rests * (System.nanoTime() - begin));
    }
    if (before != null) {
      before.rest();
    }
  }

  /** The gate to be driven; none ends the thread. */
  private synchronized @Nullable TwinGate next() {
    for (TwinGate gate : closedGates) {
      if (gate.isOpen() && FlightEvents.areWanted()) {
        FlightEvents.vectorsCompiled(gate.operation(), gate.demand(), gate.spent());
      }
    }
    closedGates.removeIf(gate -> !gate.isClosed());
    TwinGate best =
        closedGates.stream()
            .filter(gate -> users > 0 && gate.isWorthIt())
            .max(Comparator.comparingLong(TwinGate::priority))
            .orElse(null);
    if (best == null) {
      thread = null;
      driven = false;
    }
    return best;
  }
}
