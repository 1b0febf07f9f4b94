package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.lanes.Call;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation by its scalar twin, and on vectors, in the same bits, as soon as they are compiled:
 * until then a caller has nothing to do with them, not even their classes.
 */
final class GatedCall implements Call {

  private final TwinGate gate;
  private @Nullable Supplier<Call> vectors;
  private Call call;

  GatedCall(TwinGate gate, Call twin, Supplier<Call> vectors) {
    this.gate = gate;
    this.call = twin;
    this.vectors = vectors;
  }

  @Override
  public void run() {
    if (vectors == null) {
      call.run();
    } else if (gate.isClosed()) {
      long begin = System.nanoTime();
      call.run();
      gate.waited(System.nanoTime() - begin);
    } else {
      if (gate.isOpen()) {
        call = vectors.get();
      }
      vectors = null;
      call.run();
    }
  }
}
