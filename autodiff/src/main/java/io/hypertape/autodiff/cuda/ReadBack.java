package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.PinnedBuffer;
import java.lang.foreign.MemorySegment;

/** Downloads through pinned memory. Waits, and raises what kernels left in the error cell. */
final class ReadBack implements AutoCloseable {

  private static final long SMALLEST = 1 << 12;
  private static final long LARGEST = 1 << 24;

  private final CudaDevice device;
  private final CudaStream stream;
  private final IndexErrors errors;
  private final CloseStack opened = new CloseStack();
  private PinnedBuffer buffer;

  ReadBack(CudaDevice device, CudaStream stream, IndexErrors errors) {
    this.device = device;
    this.stream = stream;
    this.errors = errors;
    this.buffer = opened.add(PinnedBuffer.allocate(device, SMALLEST));
  }

  /** Waits for everything, and copies piece by piece. */
  void read(long address, long bytes, MemorySegment target) {
    reserve(Math.min(bytes, LARGEST));
    errors.fetch();
    long done = 0;
    do {
      long part = Math.min(LARGEST, bytes - done);
      if (part > 0) {
        stream.copyToHost(address + done, buffer.segment(), part);
      }
      stream.synchronize();
      if (done == 0) {
        errors.check();
      }
      MemorySegment.copy(buffer.segment(), 0, target, done, part);
      done += part;
    } while (done < bytes);
  }

  private void reserve(long bytes) {
    if (buffer.segment().byteSize() < bytes) {
      // Both are closed in the end, whatever closing the smaller one throws now.
      PinnedBuffer smaller = buffer;
      buffer = opened.add(PinnedBuffer.allocate(device, Long.highestOneBit(2 * bytes - 1)));
      smaller.close();
    }
  }

  /** Waits for everything. */
  void synchronize() {
    errors.fetch();
    stream.synchronize();
    errors.check();
  }

  @Override
  public void close() {
    opened.close();
  }
}
