package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.DeviceMemory;
import io.hypertape.bindings.cuda.MemoryPool;
import io.hypertape.bindings.cuda.PinnedBuffer;
import java.lang.foreign.ValueLayout;

/**
 * A cell of device memory in which kernels note the first index that was out of range: {noted, row,
 * index, columns}. The host looks when it waits anyway.
 */
final class IndexErrors implements AutoCloseable {

  private static final long BYTES = 4 * Integer.BYTES;

  private final CudaStream stream;
  private final CloseStack opened = new CloseStack();
  private final DeviceMemory cell;
  private final PinnedBuffer seen;
  private boolean possible;

  IndexErrors(CudaDevice device, CudaStream stream, MemoryPool pool) {
    this.stream = stream;
    try {
      this.cell = opened.add(pool.allocate(BYTES));
      this.seen = opened.add(PinnedBuffer.allocate(device, BYTES));
      stream.fillBytes(cell.address(), 0, BYTES);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  /** The cell's address, for a kernel that may note an error. */
  long cell() {
    possible = true;
    return cell.address();
  }

  /** Says that a kernel which got the address earlier runs again. */
  void expect() {
    possible = true;
  }

  /** Has the cell copied, if an error is possible; to be followed by a wait and {@link #check}. */
  void fetch() {
    if (possible) {
      stream.copyToHost(cell.address(), seen.segment(), BYTES);
    }
  }

  /** Throws what {@link #fetch} brought, and clears it. */
  void check() {
    if (!possible) {
      return;
    }
    possible = false;
    if (seen.segment().getAtIndex(ValueLayout.JAVA_INT, 0) == 0) {
      return;
    }
    stream.fillBytes(cell.address(), 0, BYTES);
    throw new IndexOutOfBoundsException(
        "index["
            + seen.segment().getAtIndex(ValueLayout.JAVA_INT, 1)
            + "] is "
            + seen.segment().getAtIndex(ValueLayout.JAVA_INT, 2)
            + ", allowed are 0 to "
            + (seen.segment().getAtIndex(ValueLayout.JAVA_INT, 3) - 1));
  }

  @Override
  public void close() {
    opened.close();
  }
}
