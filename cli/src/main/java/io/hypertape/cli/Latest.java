package io.hypertape.cli;

import io.hypertape.run.RunState;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a run of long steps stood after the last of them, kept in memory: who ends the program
 * while the next one is under way need not wait for it. Short steps are waited for.
 */
final class Latest {

  private static final long LONG_NANOS = 350_000_000;
  // At most a fiftieth of the time goes into copies.
  private static final long SHARE = 50;
  // A copy more must not be what the next step lacks.
  private static final long ROOM = 16;

  private long before = System.nanoTime();
  private long taken;
  private long cost;
  private long most;
  private volatile Copy copy;

  /**
   * Where the run stood.
   *
   * @param state everything that decides the rest of it
   * @param seals of the tables as they were then, by file
   */
  record Copy(RunState state, Map<String, String> seals) {}

  /** A step has been taken. */
  void offer(Supplier<RunState> now, Supplier<Map<String, String>> seals) {
    long time = System.nanoTime();
    boolean isLong = time - before > LONG_NANOS;
    if (isLong && time - taken > SHARE * cost && ROOM * most < Runtime.getRuntime().maxMemory()) {
      copy = new Copy(now.get(), seals.get());
      taken = System.nanoTime();
      cost = taken - time;
    }
    before = System.nanoTime();
  }

  Optional<Copy> get() {
    return Optional.ofNullable(copy);
  }

  /** A later state has been saved, of so many bytes. */
  void forget(long bytes) {
    copy = null;
    most = bytes;
    before = System.nanoTime();
  }
}
