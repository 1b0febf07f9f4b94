package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;

/**
 * Where {@link FilterBlocks} leave their sums: a filter gradient, which gets a sum over lanes for
 * each piece of the images. Where pieces are many they are added in double precision.
 */
final class FilterSums {

  private static final int LANES = VirtualVector.LANES;

  /** Most sums that are added in single precision. */
  private static final long FEW = 64;

  private static final float[] NONE = {};

  private final boolean vectors;

  private float[] dw = NONE;
  private int dwOff;
  private int size;
  private boolean many;
  private double[] totals = {};

  FilterSums(boolean vectors) {
    this.vectors = vectors;
  }

  /** Makes room for a gradient of so many elements, each of which gets so many sums. */
  void reserve(int size, long sums) {
    if (sums > FEW && totals.length < size) {
      totals = new double[size];
    }
  }

  /** Begins with a gradient each of whose elements gets so many sums. */
  void begin(Floats gradient, long sums) {
    dw = gradient.array();
    dwOff = gradient.offset();
    size = gradient.length();
    many = sums > FEW;
    Arrays.fill(dw, dwOff, dwOff + size, 0);
    if (many) {
      Arrays.fill(totals, 0, size, 0);
    }
  }

  /**
   * Adds the sum of each of so many virtual vectors to an element; threads have elements of their
   * own.
   */
  void add(float[] tile, int from, int n, int at) {
    for (int j = 0; j < n; j++) {
      int first = from + j * LANES;
      float sum = vectors ? VectorRows.sum(tile, first) : VirtualVector.sum(tile, first);
      if (many) {
        totals[at + j] += sum;
      } else {
        dw[dwOff + at + j] += sum;
      }
    }
  }

  void end() {
    if (many) {
      for (int i = 0; i < size; i++) {
        dw[dwOff + i] = (float) totals[i];
      }
    }
    dw = NONE;
  }
}
