package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaEvent;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.PinnedBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Uploads through pinned memory, from which the device copies while the host goes on. A slot is
 * used again when its copy is done; with several of them that is long before its turn comes, so in
 * the steady state nobody waits.
 */
final class StagingRing implements AutoCloseable {

  private static final int SLOTS = 8;
  private static final long SMALLEST = 1 << 12;
  private static final long LARGEST = 1 << 22;

  private final CudaDevice device;
  private final CudaStream stream;
  private final Slot[] slots = new Slot[SLOTS];
  private int next;

  StagingRing(CudaDevice device, CudaStream stream) {
    this.device = device;
    this.stream = stream;
    CloseStack opened = new CloseStack();
    try {
      for (int i = 0; i < SLOTS; i++) {
        slots[i] = opened.add(new Slot());
      }
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  void write(MemorySegment source, long address) {
    long size = source.byteSize();
    for (long done = 0; done < size; done += LARGEST) {
      slots[next].write(source, done, Math.min(LARGEST, size - done), address + done);
      next = (next + 1) % SLOTS;
    }
  }

  @Override
  public void close() {
    CloseStack all = new CloseStack();
    for (Slot slot : slots) {
      all.add(slot);
    }
    all.close();
  }

  /** Pinned memory, and the event that says when it has been copied. */
  private final class Slot implements AutoCloseable {

    private final CloseStack opened = new CloseStack();
    private final CudaEvent copied;
    private PinnedBuffer buffer;
    private boolean busy;

    Slot() {
      copied = opened.add(CudaEvent.create(device, CudaEvent.Timing.OFF));
      try {
        buffer = opened.add(PinnedBuffer.allocate(device, SMALLEST));
      } catch (RuntimeException | Error e) {
        opened.closeAfter(e);
        throw e;
      }
    }

    void write(MemorySegment source, long from, long bytes, long address) {
      if (busy) {
        copied.synchronize();
        busy = false;
      }
      if (buffer.segment().byteSize() < bytes) {
        // Both are this slot's to close in the end, whatever closing the smaller one throws now.
        PinnedBuffer smaller = buffer;
        buffer = opened.add(PinnedBuffer.allocate(device, Long.highestOneBit(2 * bytes - 1)));
        smaller.close();
      }
      MemorySegment.copy(source, from, buffer.segment(), 0, bytes);
      stream.copyToDevice(buffer.segment(), address, bytes);
      copied.record(stream);
      busy = true;
    }

    @Override
    public void close() {
      opened.close();
    }
  }
}
