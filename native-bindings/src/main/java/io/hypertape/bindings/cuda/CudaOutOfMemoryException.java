package io.hypertape.bindings.cuda;

/** The device has no memory left for an allocation; says what there is and who holds it. */
public final class CudaOutOfMemoryException extends CudaException {

  private static final long serialVersionUID = 1L;

  private final long bytesAsked;
  private final long bytesFree;
  private final long bytesTotal;
  private final long heldCount;
  private final long heldBytes;
  private final long heldLargest;

  CudaOutOfMemoryException(CudaException failure, long asked, long[] memory, long[] held) {
    super(
        failure.call(),
        failure.code(),
        failure.codeName(),
        failure.text() + "; " + describe(asked, memory, held),
        failure.arguments(),
        failure.isDeviceLost());
    this.bytesAsked = asked;
    this.bytesFree = memory[0];
    this.bytesTotal = memory[1];
    this.heldCount = held[0];
    this.heldBytes = held[1];
    this.heldLargest = held[2];
  }

  private static String describe(long asked, long[] memory, long[] held) {
    return asked
        + " bytes asked for, "
        + (memory[1] < 0 ? "free memory unknown" : memory[0] + " of " + memory[1] + " bytes free")
        + "; this pool holds "
        + held[0]
        + " allocations of "
        + held[1]
        + " bytes together, the largest of "
        + held[2]
        + " bytes";
  }

  /**
   * What was asked for.
   *
   * @return bytes
   */
  public long bytesAsked() {
    return bytesAsked;
  }

  /**
   * What the device had left.
   *
   * @return bytes, or -1 if the device would not say
   */
  public long bytesFree() {
    return bytesFree;
  }

  /**
   * What the device has altogether.
   *
   * @return bytes, or -1 if the device would not say
   */
  public long bytesTotal() {
    return bytesTotal;
  }

  /**
   * How many allocations of the pool were alive.
   *
   * @return a count
   */
  public long heldCount() {
    return heldCount;
  }

  /**
   * What those allocations take together.
   *
   * @return bytes
   */
  public long heldBytes() {
    return heldBytes;
  }

  /**
   * The largest of those allocations.
   *
   * @return bytes; 0 if there is none
   */
  public long heldLargest() {
    return heldLargest;
  }
}
