package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Makes 64 bits of a contiguous view's elements, reading them a piece at a time. */
final class Digester {

  private static final int PIECE = 1 << 14;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Backend backend;
  private final float[] floats = new float[PIECE];
  private final int[] ints = new int[PIECE];
  private double[] doubles = {};
  // Several sums side by side, as each waits for its own multiplication only.
  private final long[] sums = new long[4];

  Digester(Backend backend) {
    this.backend = backend;
  }

  long digest(View view) {
    Arrays.fill(sums, view.size());
    for (int from = 0; from < view.size(); from += PIECE) {
      int count = Math.min(PIECE, view.size() - from);
      View piece = new View(view.storage(), view.offset() + from, new int[] {count}, new int[] {1});
      switch (view.storage().type()) {
        case F32 -> addFloats(piece, count);
        case F64 -> addDoubles(piece, count);
        case I32 -> addInts(piece, count);
      }
    }
    long all = 0;
    for (long sum : sums) {
      all = (all ^ sum) * FACTOR;
      all ^= all >>> 32;
    }
    return all;
  }

  private void addFloats(View piece, int count) {
    backend.read(piece, MemorySegment.ofArray(floats).asSlice(0, 4L * count));
    for (int i = 0; i < count; i++) {
      ints[i] = Float.floatToIntBits(floats[i]);
    }
    add(count);
  }

  private void addInts(View piece, int count) {
    backend.read(piece, MemorySegment.ofArray(ints).asSlice(0, 4L * count));
    add(count);
  }

  private void add(int count) {
    long a = sums[0];
    long b = sums[1];
    long c = sums[2];
    long d = sums[3];
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      a = (a + ints[i]) * FACTOR;
      b = (b + ints[i + 1]) * FACTOR;
      c = (c + ints[i + 2]) * FACTOR;
      d = (d + ints[i + 3]) * FACTOR;
    }
    for (; i < count; i++) {
      a = (a + ints[i]) * FACTOR;
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
  }

  private void addDoubles(View piece, int count) {
    if (doubles.length == 0) {
      doubles = new double[PIECE];
    }
    backend.read(
        piece, MemorySegment.ofArray(doubles).asSlice(0, DType.F64.bytes() * (long) count));
    for (int i = 0; i < count; i++) {
      sums[0] = (sums[0] + Double.doubleToLongBits(doubles[i])) * FACTOR;
    }
  }
}
