package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaStream;

/**
 * Waits on closing for all work: memory that it reads and writes is freed next. Closing again waits
 * again, unless it has come to an end.
 */
final class Drain implements AutoCloseable {

  private final CudaDevice device;
  private final CudaStream stream;
  private boolean done;

  Drain(CudaDevice device, CudaStream stream) {
    this.device = device;
    this.stream = stream;
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    try {
      stream.synchronize();
    } catch (RuntimeException e) {
      // What failed may have been earlier work; the rest of it still has to end.
      try {
        device.synchronize();
        done = true;
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    done = true;
  }
}
