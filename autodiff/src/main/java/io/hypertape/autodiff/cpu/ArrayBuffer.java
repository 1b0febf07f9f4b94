package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
import java.lang.foreign.MemorySegment;

/** Java arrays: what the vector kernels are fastest on. */
sealed interface ArrayBuffer extends Buffer {

  MemorySegment segment();

  /** Single-precision numbers. */
  record Floats(float[] array) implements ArrayBuffer {
    @Override
    public DType type() {
      return DType.F32;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public MemorySegment segment() {
      return MemorySegment.ofArray(array);
    }
  }

  /** Indices. */
  record Ints(int[] array) implements ArrayBuffer {
    @Override
    public DType type() {
      return DType.I32;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public MemorySegment segment() {
      return MemorySegment.ofArray(array);
    }
  }
}
