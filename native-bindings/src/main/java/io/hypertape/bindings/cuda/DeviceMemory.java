package io.hypertape.bindings.cuda;

/** A piece of a device's memory. */
public final class DeviceMemory extends Resource {

  private final MemoryPool pool;
  private final long address;
  private final long bytes;

  DeviceMemory(MemoryPool pool, long address, long bytes) {
    super(pool.owner());
    this.pool = pool;
    this.address = address;
    this.bytes = bytes;
    enter();
  }

  /**
   * Where it is.
   *
   * @return an address on the device; 0 if it has no bytes
   * @throws IllegalStateException if it was freed
   */
  public long address() {
    ensureOpen();
    return address;
  }

  /** The address, freed or not. */
  long start() {
    return address;
  }

  /**
   * How large it is.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  @Override
  String what() {
    return address("DeviceMemory of " + bytes + " bytes at", address);
  }

  @Override
  void release() {
    pool.free(this);
  }
}
