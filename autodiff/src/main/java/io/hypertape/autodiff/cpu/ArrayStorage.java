package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Java arrays: what the vector kernels are fastest on. */
sealed interface ArrayStorage extends Storage {

  /** The array as what the host copies from and to; made once, as steps copy all the time. */
  MemorySegment segment();

  /** Single-precision numbers; if they do not change any more, also as a convolution's filters. */
  record Floats(float[] array, MemorySegment segment, @Nullable FixedFilters filters)
      implements ArrayStorage {
    Floats(float[] array) {
      this(array, MemorySegment.ofArray(array), null);
    }

    /** The same numbers, which do not change any more. */
    Floats fixed() {
      var numbers = io.hypertape.kernels.lanes.Floats.of(array);
      return new Floats(array, segment, new FixedFilters(numbers));
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
