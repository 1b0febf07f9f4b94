package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Java arrays: what the vector kernels are fastest on. */
sealed interface ArrayStorage extends Storage {

  /** The array as what the host copies from and to; made once, as steps copy all the time. */
  MemorySegment segment();

  /** Single-precision numbers. */
  record Floats(float[] array, MemorySegment segment) implements ArrayStorage {
    Floats(float[] array) {
      this(array, MemorySegment.ofArray(array));
    }

    @Override
    public DType type() {
      return DType.F32;
    }

    @Override
    public int size() {
      return array.length;
    }
  }

  /** Indices. */
  record Ints(int[] array, MemorySegment segment) implements ArrayStorage {
    Ints(int[] array) {
      this(array, MemorySegment.ofArray(array));
    }

    @Override
    public DType type() {
      return DType.I32;
    }

    @Override
    public int size() {
      return array.length;
    }
  }
}
