package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DeviceMemoryException;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.checks.Failures;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Storage that closed scopes gave back, kept by type and {@link SizeClass} for the next ones. What
 * is kept is bounded: with what is in use, it is at most twice what was in use at one time, and a
 * little. What has waited longest goes first.
 */
final class StoragePool {

  /** Bytes that may wait in addition to what was in use once. */
  private static final long SLACK = 4L << 20;

  /** Bytes of rounding up that are worth a second attempt without. */
  private static final long MUCH = 1L << 20;

  /** Bytes that a session must hold before a collection is worth its while. */
  private static final long COLLECTED = 16L << 20;

  private final Backend backend;
  private final Shelf[][] shelves = new Shelf[DType.values().length][];
  private BooleanSupplier collector = () -> false;
  private long allocatedBytes;
  private long idleBytes;
  private long peakBytes;
  private long returns;

  /** Idle buffers of one type and class, the last given first. */
  private static final class Shelf {
    private Storage[] buffers = new Storage[4];
    // When each was given back.
    private long[] since = new long[4];
    private int count;

    void push(Storage buffer, long now) {
      if (count == buffers.length) {
        buffers = Arrays.copyOf(buffers, 2 * count);
        since = Arrays.copyOf(since, 2 * count);
      }
      buffers[count] = buffer;
      since[count++] = now;
    }

    Storage pop() {
      Storage last = buffers[--count];
      buffers[count] = null;
      return last;
    }

    Storage removeOldest() {
      Storage first = buffers[0];
      count--;
      System.arraycopy(buffers, 1, buffers, 0, count);
      System.arraycopy(since, 1, since, 0, count);
      buffers[count] = null;
      return first;
    }
  }

  StoragePool(Backend backend) {
    this.backend = backend;
  }

  /** Who may find storage that nobody can reach any more, and gives it back then. */
  void setCollector(BooleanSupplier newCollector) {
    collector = newCollector;
  }

  private static long bytes(Storage buffer) {
    return (long) buffer.size() * buffer.type().bytes();
  }

  /** Storage for at least so many elements. */
  Storage take(DType type, int size) {
    Shelf shelf = shelf(type, SizeClass.of(size));
    Storage buffer;
    if (shelf.count > 0) {
      buffer = shelf.pop();
      idleBytes -= bytes(buffer);
    } else {
      buffer = allocate(type, size);
      allocatedBytes += bytes(buffer);
    }
    peakBytes = Math.max(peakBytes, allocatedBytes - idleBytes);
    return buffer;
  }

  private Storage allocate(DType type, int size) {
    int roomy = SizeClass.roundUp(size);
    long wanted = (long) roomy * type.bytes();
    long inUse = allocatedBytes - idleBytes + wanted;
    long limit = 2 * Math.max(peakBytes, inUse) + SLACK;
    while (idleBytes > 0 && allocatedBytes + wanted > limit) {
      free(oldest().removeOldest());
    }
    try {
      return backend.allocate(type, roomy);
    } catch (DeviceMemoryException | OutOfMemoryError e) {
      // What is kept for later is given up before there is too little memory, and what is asked
      // for beyond the need.
      boolean isMuch = wanted - (long) size * type.bytes() >= MUCH;
      if (idleBytes == 0 && !isMuch && !hasCollected(e)) {
        throw e;
      }
      freeIdleAfter(e);
      return allocateAtLast(type, isMuch ? size : roomy);
    }
  }

  private void freeIdleAfter(Throwable failure) {
    try {
      freeIdle();
    } catch (RuntimeException | Error e) {
      e.addSuppressed(failure);
      throw e;
    }
  }

  private Storage allocateAtLast(DType type, int size) {
    try {
      return backend.allocate(type, size);
    } catch (DeviceMemoryException e) {
      if (!hasCollected(e)) {
        throw e;
      }
      freeIdleAfter(e);
      return backend.allocate(type, size);
    }
  }

  /** The garbage collector does not know that a device's memory is scarce: it is told. */
  private boolean hasCollected(Throwable failure) {
    return failure instanceof DeviceMemoryException
        && allocatedBytes >= COLLECTED
        && collector.getAsBoolean();
  }

  void give(Storage buffer) {
    shelf(buffer.type(), SizeClass.within(buffer.size())).push(buffer, returns++);
    idleBytes += bytes(buffer);
  }

  private Shelf shelf(DType type, int number) {
    Shelf[] ofType = shelves[type.ordinal()];
    if (ofType == null) {
      ofType = new Shelf[SizeClass.COUNT];
      shelves[type.ordinal()] = ofType;
    }
    if (ofType[number] == null) {
      ofType[number] = new Shelf();
    }
    return ofType[number];
  }

  /** The shelf with the buffer that has waited longest; there must be one. */
  private Shelf oldest() {
    Shelf oldest = null;
    for (Shelf[] ofType : shelves) {
      for (int i = 0; ofType != null && i < ofType.length; i++) {
        Shelf shelf = ofType[i];
        if (shelf != null
            && shelf.count > 0
            && (oldest == null || shelf.since[0] < oldest.since[0])) {
          oldest = shelf;
        }
      }
    }
    return oldest;
  }

  private void free(Storage idle) {
    long bytes = bytes(idle);
    idleBytes -= bytes;
    backend.free(idle);
    allocatedBytes -= bytes;
  }

  long allocatedBytes() {
    return allocatedBytes;
  }

  long usedBytes() {
    return allocatedBytes - idleBytes;
  }

  long peakBytes() {
    return peakBytes;
  }

  /** Frees what is idle, and forgets how much was in use before. */
  void trim() {
    freeIdle();
    peakBytes = allocatedBytes;
  }

  /** Frees what is idle, all of it, whatever of it fails: then the first failure is thrown. */
  void freeIdle() {
    List<Runnable> parts = new ArrayList<>();
    for (Shelf[] ofType : shelves) {
      for (int i = 0; ofType != null && i < ofType.length; i++) {
        Shelf shelf = ofType[i];
        for (int k = 0; shelf != null && k < shelf.count; k++) {
          parts.add(() -> free(shelf.pop()));
        }
      }
    }
    Failures.joined(parts);
  }
}
