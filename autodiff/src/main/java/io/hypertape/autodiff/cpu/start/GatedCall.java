package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.lanes.Call;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation by its scalar twin, and on vectors, in the same bits, as soon as they are compiled:
 * until then a caller has nothing to do with them, not even their classes.
 *
 * <p>What was compiled may have to be compiled anew, when another operation takes a turn in the
 * same kernels that had never been taken. Vectors that have become slow are left for the twin
 * again, until the gate has been opened once more.
 */
final class GatedCall implements Call {

  private final TwinGate gate;
  private final Supplier<Call> twins;
  private final Supplier<Call> vectors;
  private @Nullable Call twin;
  private @Nullable Call fast;

  /**
   * An operation whose operands fit.
   *
   * @param twin its scalar twin, or null where the gate is open
   * @param twins makes another
   * @param vectors makes what runs on vectors
   */
  GatedCall(TwinGate gate, @Nullable Call twin, Supplier<Call> twins, Supplier<Call> vectors) {
    this.gate = gate;
    this.twin = twin;
    this.twins = twins;
    this.vectors = vectors;
    this.fast = twin == null ? vectors.get() : null;
  }

  @Override
  public void run() {
    if (gate.isOpen()) {
      if (fast == null) {
        fast = vectors.get();
      }
      if (Gates.JVM.areDriven()) {
        runWatched(fast);
      } else {
        twin = null;
        fast.run();
      }
    } else {
      if (twin == null) {
        twin = twins.get();
      }
      if (gate.isClosed()) {
        long begin = System.nanoTime();
        twin.run();
        Gates.JVM.waited(gate, System.nanoTime() - begin);
      } else {
        twin.run();
      }
    }
  }

  /** While others are tried, which may cost this one its compiled code. */
  private void runWatched(Call call) {
    long begin = System.nanoTime();
    call.run();
    if (gate.hasSlipped(System.nanoTime() - begin)) {
      Gates.JVM.again(gate);
    }
  }
}
