package io.hypertape.bindings.cuda;

/** What is opened and closed: the state that every handle shares. */
abstract class Resource implements AutoCloseable {

  private final CudaDevice device;
  private final Throwable opened;
  // Nothing may use it from the first attempt to close it on.
  private volatile boolean closed;
  private volatile boolean released;

  /** A resource of a device; a device itself passes null. */
  Resource(CudaDevice device) {
    this.device = device;
    this.opened = ResourceLedger.isKept() ? new Throwable("opened here") : null;
  }

  /** Enters the resource into the ledger; called at the end of a constructor. */
  final void enter() {
    if (opened != null) {
      ResourceLedger.add(this);
    }
  }

  /** What this is, for people: {@code CudaStream 0x7f}. */
  abstract String what();

  /** Gives back what is held. If it throws, it can be called again for the rest. */
  abstract void release();

  final CudaDevice owner() {
    return device;
  }

  /** Where the resource was opened; null if the ledger was not kept then. */
  final Throwable opened() {
    return opened;
  }

  final void ensureOpen() {
    if (closed) {
      throw used();
    }
  }

  private IllegalStateException used() {
    return opened == null
        ? new IllegalStateException(
            what()
                + " is used after it was closed; -D"
                + ResourceLedger.PROPERTY
                + "=true says where it was opened")
        : new IllegalStateException(
            what() + " is used after it was closed; the cause says where it was opened", opened);
  }

  /**
   * Gives the resource back. Closing twice is harmless; if a library refuses, closing can be tried
   * again for what is left, but the resource cannot be used any more. Not so if the device is lost:
   * there is nothing to be given back any more, and a second attempt might touch what the library
   * has freed in spite of its answer.
   *
   * @throws CudaException if a library refuses
   */
  @Override
  public final void close() {
    if (released) {
      return;
    }
    closed = true;
    try {
      release();
    } catch (CudaException e) {
      if (e.isDeviceLost()) {
        markReleased();
      }
      throw e;
    }
    markReleased();
  }

  private void markReleased() {
    released = true;
    if (opened != null) {
      ResourceLedger.remove(this);
    }
  }

  static String address(String kind, long address) {
    return kind + " 0x" + Long.toHexString(address);
  }
}
