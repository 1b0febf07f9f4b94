package io.hypertape.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Values for a kernel's parameters, in their order. Made once and used for launch after launch:
 * {@code arguments.clear().pointer(x).int32(n)} allocates nothing.
 */
public final class KernelArguments extends Resource {

  private static final int MAX_COUNT = 128;
  // As large as the parameters of a kernel may be on every architecture.
  private static final long MAX_BYTES = 4096;
  private static final long SLOT = 16;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment values = ResultCells.unwatched(arena, MAX_COUNT * SLOT + MAX_BYTES);
  private final MemorySegment pointers =
      ResultCells.unwatched(arena, MAX_COUNT * (long) Long.BYTES);
  private int count;
  private long end;

  private KernelArguments() {
    super(null);
    enter();
  }

  /**
   * Opens an empty list of values.
   *
   * @return the list
   */
  public static KernelArguments create() {
    return new KernelArguments();
  }

  /**
   * Forgets all values.
   *
   * @return this
   */
  public KernelArguments clear() {
    ensureOpen();
    // A value that is missing next time must not be found from this time.
    for (int i = 0; i < count; i++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
    }
    count = 0;
    end = 0;
    return this;
  }

  /**
   * Adds an address.
   *
   * @param address on the device
   * @return this
   */
  public KernelArguments pointer(long address) {
    return int64(address);
  }

  /**
   * Adds an {@code int} or {@code unsigned}.
   *
   * @param value the value
   * @return this
   */
  public KernelArguments int32(int value) {
    values.set(ValueLayout.JAVA_INT, next(SLOT), value);
    return this;
  }

  /**
   * Adds a {@code long long} or {@code unsigned long long}.
   *
   * @param value the value
   * @return this
   */
  public KernelArguments int64(long value) {
    values.set(ValueLayout.JAVA_LONG, next(SLOT), value);
    return this;
  }

  /**
   * Adds a {@code float}.
   *
   * @param value the value
   * @return this
   */
  public KernelArguments float32(float value) {
    values.set(ValueLayout.JAVA_FLOAT, next(SLOT), value);
    return this;
  }

  /**
   * Adds a struct by value.
   *
   * @param struct its bytes as C lays them out, 4096 at most
   * @return this
   */
  public KernelArguments bytes(MemorySegment struct) {
    long size = struct.byteSize();
    if (size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a struct of " + size + " bytes is too large for a kernel, which takes " + MAX_BYTES);
    }
    long at = next((size + SLOT - 1) / SLOT * SLOT);
    MemorySegment.copy(struct, 0, values, at, size);
    return this;
  }

  /** Reserves room for the next value and returns where it goes. */
  private long next(long size) {
    ensureOpen();
    if (count == MAX_COUNT || end + size > values.byteSize()) {
      throw new IllegalStateException(
          "too many arguments: " + count + " of " + end + " bytes together are in already");
    }
    long at = end;
    pointers.setAtIndex(ValueLayout.JAVA_LONG, count, values.address() + at);
    end = at + size;
    count++;
    return at;
  }

  /** What {@code cuLaunchKernel} takes: one pointer a value. */
  MemorySegment pointers() {
    ensureOpen();
    return pointers;
  }

  int count() {
    return count;
  }

  @Override
  String what() {
    return "KernelArguments";
  }

  @Override
  public String toString() {
    return count + " values";
  }

  @Override
  void release() {
    ResultCells.close(arena);
  }
}
