package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One of cuDNN's descriptors, destroyed when it is closed. */
final class Descriptor implements AutoCloseable {

  /** What cuDNN has descriptors of. */
  enum Kind {
    TENSOR("Tensor") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateTensorDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyTensorDescriptor(descriptor);
      }
    },
    FILTER("Filter") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateFilterDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyFilterDescriptor(descriptor);
      }
    },
    CONVOLUTION("Convolution") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateConvolutionDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyConvolutionDescriptor(descriptor);
      }
    },
    DROPOUT("Dropout") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateDropoutDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyDropoutDescriptor(descriptor);
      }
    },
    RNN("RNN") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateRNNDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyRNNDescriptor(descriptor);
      }
    },
    RNN_DATA("RNNData") {
      @Override
      int create(MemorySegment cell) {
        return Cudnn.cudnnCreateRNNDataDescriptor(cell);
      }

      @Override
      int destroy(MemorySegment descriptor) {
        return Cudnn.cudnnDestroyRNNDataDescriptor(descriptor);
      }
    };

    private final NativeFunction creation;
    private final NativeFunction destruction;

    Kind(String name) {
      this.creation = new NativeFunction(Api.CUDNN, "cudnnCreate" + name + "Descriptor");
      this.destruction =
          new NativeFunction(Api.CUDNN, "cudnnDestroy" + name + "Descriptor", "descriptor*");
    }

    abstract int create(MemorySegment cell);

    abstract int destroy(MemorySegment descriptor);
  }

  private final Kind kind;
  private final MemorySegment handle;
  private boolean destroyed;

  private Descriptor(Kind kind, MemorySegment handle) {
    this.kind = kind;
    this.handle = handle;
  }

  /** Makes one that is not set yet. */
  static Descriptor create(Kind kind) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(kind.create(cell), kind.creation);
      return new Descriptor(kind, ResultCells.pointer(cell));
    }
  }

  MemorySegment handle() {
    return handle;
  }

  @Override
  public void close() {
    if (!destroyed) {
      Status.check(kind.destroy(handle), kind.destruction, handle.address());
      destroyed = true;
    }
  }
}
