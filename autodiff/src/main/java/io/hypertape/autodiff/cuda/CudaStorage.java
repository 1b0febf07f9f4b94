package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.DeviceMemory;
import io.hypertape.tensor.DType;

/** Device memory of one element type. */
final class CudaStorage implements Storage {

  private final DType type;
  private final int size;
  private final DeviceMemory memory;
  private boolean freed;

  CudaStorage(DType type, int size, DeviceMemory memory) {
    this.type = type;
    this.size = size;
    this.memory = memory;
  }

  /** Address of a view's first element. */
  static long address(View view) {
    return ((CudaStorage) view.storage()).address() + 4L * view.offset();
  }

  long address() {
    if (freed) {
      throw new IllegalStateException(
          "a " + type + " buffer of " + size + " elements is used after it was freed");
    }
    return memory.address();
  }

  /** Nothing may use the buffer from now on; its memory is the caller's to close. */
  DeviceMemory release() {
    freed = true;
    return memory;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int size() {
    return size;
  }
}
