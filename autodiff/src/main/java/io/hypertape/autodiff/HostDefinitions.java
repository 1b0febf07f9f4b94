package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.RandomNumbersOnHost;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * What stands in for kernels that a backend lacks and that no ordinary operation can define, as
 * they look at integers: the host reads those, and copies are made element by element or row by
 * row. None can be recorded.
 */
final class HostDefinitions {

  private HostDefinitions() {}

  static void pick(Backend backend, View in, View index, View out) {
    int[] places = places(backend, index, in.shape()[1]);
    for (int row = 0; row < places.length; row++) {
      backend.copy(element(in, row, places[row]), element(out, row));
    }
  }

  static void scatter(Backend backend, View in, View index, View out) {
    int[] places = places(backend, index, out.shape()[1]);
    backend.fill(0, out);
    for (int row = 0; row < places.length; row++) {
      backend.copy(element(in, row), element(out, row, places[row]));
    }
  }

  static void gatherRows(Backend backend, View table, View index, View out) {
    int[] places = places(backend, index, table.shape()[0]);
    for (int i = 0; i < places.length; i++) {
      backend.copy(row(table, places[i]), row(out, i));
    }
  }

  static void scatterRows(Backend backend, View in, View index, View out) {
    int[] places = places(backend, index, out.shape()[0]);
    backend.fill(0, out);
    int columns = in.shape()[1];
    Storage scratch = backend.allocate(backend.dtype(), columns);
    try {
      View sum = View.contiguous(scratch, columns);
      for (int i = 0; i < places.length; i++) {
        // Not in place: what is written must not be read.
        backend.binary(BinaryOp.ADD, row(out, places[i]), row(in, i), sum);
        backend.copy(sum, row(out, places[i]));
      }
      backend.synchronize();
    } finally {
      backend.free(scratch);
    }
  }

  static void random(Backend backend, Distribution distribution, long seed, long stream, View out) {
    write(backend, RandomNumbersOnHost.draw(distribution, seed, stream, out.size()), out);
  }

  static void dropoutMask(Backend backend, double keep, long seed, View counter, View out) {
    int[] position = integers(backend, counter);
    long stream = Integer.toUnsignedLong(position[0]);
    write(backend, RandomNumbersOnHost.mask(keep, seed, stream, out.size()), out);
    position[0]++;
    write(backend, DType.I32, MemorySegment.ofArray(position), counter);
  }

  private static View element(View v, int... place) {
    int offset = v.offset();
    for (int axis = 0; axis < place.length; axis++) {
      offset += place[axis] * v.strides()[axis];
    }
    return new View(v.storage(), offset, new int[] {1}, new int[] {1});
  }

  private static View row(View v, int row) {
    return new View(
        v.storage(),
        v.offset() + row * v.strides()[0],
        new int[] {v.shape()[1]},
        new int[] {v.strides()[1]});
  }

  private static int[] integers(Backend backend, View dense) {
    int[] values = new int[dense.size()];
    backend.read(dense, MemorySegment.ofArray(values));
    return values;
  }

  private static int[] places(Backend backend, View index, int limit) {
    int[] places = integers(backend, index);
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0 || places[i] >= limit) {
        throw new IndexOutOfBoundsException(
            "index[" + i + "] is " + places[i] + ", allowed are 0 to " + (limit - 1));
      }
    }
    return places;
  }

  private static void write(Backend backend, double[] values, View out) {
    if (backend.dtype() == DType.F64) {
      write(backend, DType.F64, MemorySegment.ofArray(values), out);
    } else {
      float[] rounded = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        rounded[i] = (float) values[i];
      }
      write(backend, DType.F32, MemorySegment.ofArray(rounded), out);
    }
  }

  /** By way of a storage of its own, as what is written begins with a storage. */
  private static void write(Backend backend, DType type, MemorySegment values, View out) {
    Storage scratch = backend.allocate(type, out.size());
    try {
      backend.write(values, scratch);
      backend.copy(View.contiguous(scratch, out.shape()), out);
      backend.synchronize();
    } finally {
      backend.free(scratch);
    }
  }
}
