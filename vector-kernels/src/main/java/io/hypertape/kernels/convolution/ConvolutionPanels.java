package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;

/** Weights of a convolution in the order in which {@link ConvolutionBlocks} read them. */
final class ConvolutionPanels {

  private ConvolutionPanels() {}

  /** Rows of a whole block of vectors of so many lanes. */
  private static int most(int lanes) {
    return lanes >= 16 ? 8 : 4;
  }

  /** Rows of the block for planes from a number on, some of which may be too many. */
  static int rows(int lanes, int left) {
    int planes = Math.min(left, most(lanes));
    return lanes == 1 ? ScalarConvolutionBlocks.rows(planes) : ConvolutionBlocks.rows(planes);
  }

  /** How many blocks so many planes have. */
  static int count(int lanes, int planes) {
    return (planes + most(lanes) - 1) / most(lanes);
  }

  /** The first plane of a block. */
  static int first(int lanes, int panel) {
    return panel * most(lanes);
  }

  /** Planes with those that fill the last block. */
  static int filled(int lanes, int planes) {
    int whole = (count(lanes, planes) - 1) * most(lanes);
    return whole + rows(lanes, planes - whole);
  }

  /** Elements of all panels. */
  static int size(ConvolutionPlan plan) {
    long taps = 0;
    for (ConvolutionPlan.Phase phase : plan.phases()) {
      taps += phase.taps().length;
    }
    return Math.toIntExact(taps * plan.scratchPlanes() * plan.out().groups());
  }

  /** Packs weights: group after group, phase after phase, panel after panel, tap after tap. */
  static void pack(ConvolutionPlan plan, Floats w, float[] packed) {
    int groups = plan.out().groups();
    int planes = plan.out().planes();
    int step = plan.weightStep();
    int to = 0;
    for (int g = 0; g < groups; g++) {
      for (ConvolutionPlan.Phase phase : plan.phases()) {
        int[] weights = phase.weights();
        for (int m = 0; m < planes; ) {
          int rows = rows(plan.lanes(), planes - m);
          int from = w.offset() + g * (w.length() / groups) + m * step;
          pack(rows, Math.min(rows, planes - m), step, weights, w.array(), from, packed, to);
          to += rows * weights.length;
          m += rows;
        }
      }
    }
  }

  private static void pack(
      int rows, int filled, int step, int[] weights, float[] w, int from, float[] packed, int to) {
    if (filled == 8) {
      eight(step, weights, w, from, packed, to);
      return;
    }
    for (int j = 0; j < weights.length; j++) {
      int at = from + weights[j];
      for (int i = 0; i < rows; i++) {
        packed[to + j * rows + i] = i < filled ? w[at + i * step] : 0;
      }
    }
  }

  /** Whole blocks, unrolled: with few images this takes a large part of the time. */
  private static void eight(int step, int[] weights, float[] w, int from, float[] packed, int to) {
    for (int j = 0; j < weights.length; j++) {
      int at = from + weights[j];
      int here = to + 8 * j;
      packed[here] = w[at];
      packed[here + 1] = w[at + step];
      packed[here + 2] = w[at + 2 * step];
      packed[here + 3] = w[at + 3 * step];
      packed[here + 4] = w[at + 4 * step];
      packed[here + 5] = w[at + 5 * step];
      packed[here + 6] = w[at + 6 * step];
      packed[here + 7] = w[at + 7 * step];
    }
  }
}
