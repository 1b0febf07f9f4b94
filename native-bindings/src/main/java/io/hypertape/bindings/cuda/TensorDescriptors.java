package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * cuDNN's descriptors of tensors, one a shape, of which the oldest goes when there are too many. A
 * training loop has a handful of shapes; arrays keep the look-up free of boxes.
 */
final class TensorDescriptors implements AutoCloseable {

  static final int CAPACITY = 32;

  // No shape that gets here: a tensor has elements.
  private static final int UNSET = 0;

  private static final NativeFunction CREATE =
      new NativeFunction(Api.CUDNN, "cudnnCreateTensorDescriptor");
  private static final NativeFunction SET =
      new NativeFunction(Api.CUDNN, "cudnnSetTensor4dDescriptor", "n", "c", "h", "w");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.CUDNN, "cudnnDestroyTensorDescriptor", "descriptor*");

  private final MemorySegment cell;
  private final int[][] shapes = new int[CAPACITY][4];
  private final MemorySegment[] descriptors = new MemorySegment[CAPACITY];
  private int next;

  TensorDescriptors(Arena arena) {
    this.cell = ResultCells.unwatched(arena, ValueLayout.ADDRESS.byteSize());
  }

  /** The descriptor of a float32 matrix: N = rows, C = columns, H = W = 1. */
  MemorySegment of(int rows, int columns) {
    return of(rows, columns, 1, 1);
  }

  /** The descriptor of dense float32 images; good until the next is asked for. */
  MemorySegment of(int n, int c, int h, int w) {
    for (int i = 0; i < CAPACITY; i++) {
      int[] shape = shapes[i];
      if (shape[0] == n
          && shape[1] == c
          && shape[2] == h
          && shape[3] == w
          && descriptors[i] != null) {
        return descriptors[i];
      }
    }
    return add(n, c, h, w);
  }

  private MemorySegment add(int n, int c, int h, int w) {
    int slot = next;
    destroy(slot);
    Status.check(Cudnn.cudnnCreateTensorDescriptor(cell), CREATE);
    MemorySegment descriptor = ResultCells.pointer(cell);
    descriptors[slot] = descriptor;
    shapes[slot][0] = UNSET;
    int status =
        Cudnn.cudnnSetTensor4dDescriptor(
            descriptor, Cudnn.CUDNN_TENSOR_NCHW(), Cudnn.CUDNN_DATA_FLOAT(), n, c, h, w);
    Status.check(status, SET, n, c, h, w);
    int[] shape = shapes[slot];
    shape[0] = n;
    shape[1] = c;
    shape[2] = h;
    shape[3] = w;
    next = (slot + 1) % CAPACITY;
    return descriptor;
  }

  private void destroy(int slot) {
    MemorySegment descriptor = descriptors[slot];
    if (descriptor != null) {
      int status = Cudnn.cudnnDestroyTensorDescriptor(descriptor);
      Status.check(status, DESTROY, descriptor.address());
      descriptors[slot] = null;
    }
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(CAPACITY);
    for (int i = 0; i < CAPACITY; i++) {
      int slot = i;
      all.add(() -> destroy(slot));
    }
    Closing.all(all);
  }
}
