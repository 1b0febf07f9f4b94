package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.DeviceMemoryException;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.bindings.cuda.CudaOutOfMemoryException;
import io.hypertape.bindings.cuda.DeviceMemory;
import io.hypertape.bindings.cuda.MemoryPool;
import java.util.ArrayList;
import java.util.List;

/**
 * Device memory for what lives no longer than one operation. Operations run in the order of one
 * stream, so all share it. It grows to what the largest one needs.
 */
final class Scratch implements AutoCloseable {

  /** What is used at the same time lies in different slots. */
  enum Slot {
    FIRST_OPERAND,
    SECOND_OPERAND,
    PARTIALS,
    /** What whole layers work in, cuDNN's or ours. */
    WORKSPACE,
    /** A copy of what a backward pass uses up. */
    RESERVE,
    /** Weights' cotangents in cuDNN's order, or of parts of a batch. */
    WEIGHTS
  }

  private static final long SMALLEST = 1 << 16;

  private final MemoryPool pool;
  private final Recorder recorder;
  private final DeviceMemory[] slots = new DeviceMemory[Slot.values().length];
  private final List<DeviceMemory> retired = new ArrayList<>();

  Scratch(MemoryPool pool, Recorder recorder) {
    this.pool = pool;
    this.recorder = recorder;
    try {
      for (Slot slot : Slot.values()) {
        slots[slot.ordinal()] = pool.allocate(slot == Slot.PARTIALS ? SMALLEST : 0);
      }
    } catch (RuntimeException | Error e) {
      CloseStack opened = new CloseStack();
      for (DeviceMemory memory : slots) {
        if (memory != null) {
          opened.add(memory);
        }
      }
      opened.closeAfter(e);
      throw e;
    }
  }

  /** Address of a slot with room for so many bytes. */
  long reserve(Slot slot, long bytes) {
    DeviceMemory memory = slots[slot.ordinal()];
    if (memory.bytes() < bytes) {
      memory = grow(slot, bytes);
    }
    return memory.address();
  }

  /**
   * An address for a kernel's operand that has no elements: storage of nothing has none, and two
   * operands must not share one.
   */
  long ofNothing() {
    return slots[Slot.PARTIALS.ordinal()].address();
  }

  private DeviceMemory grow(Slot slot, long bytes) {
    if (recorder.isRecording()) {
      throw new RecordingException(
          "recorded work needs "
              + bytes
              + " bytes of scratch memory, which cannot be reserved while recording; run the same"
              + " work once before recording it");
    }
    DeviceMemory larger = allocate(Math.max(SMALLEST, Long.highestOneBit(2 * bytes - 1)));
    DeviceMemory smaller = slots[slot.ordinal()];
    slots[slot.ordinal()] = larger;
    // Recordings hold its address.
    if (recorder.hasRecordings()) {
      retired.add(smaller);
    } else {
      smaller.close();
    }
    return larger;
  }

  private DeviceMemory allocate(long bytes) {
    try {
      return pool.allocate(bytes);
    } catch (CudaOutOfMemoryException e) {
      throw new DeviceMemoryException(bytes, e);
    }
  }

  @Override
  public void close() {
    CloseStack all = new CloseStack();
    for (DeviceMemory memory : slots) {
      all.add(memory);
    }
    retired.forEach(all::add);
    retired.clear();
    all.close();
  }
}
