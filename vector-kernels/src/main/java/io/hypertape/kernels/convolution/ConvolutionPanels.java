package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VectorRows;

/** Weights of a convolution in the order in which {@link ConvolutionBlocks} read them. */
final class ConvolutionPanels {

  /** Rows of a whole block. */
  private static final int ROWS = VectorRows.BITS >= 512 ? 8 : 4;

  private ConvolutionPanels() {}

  /** Rows of the block for planes from a number on, some of which may be too many. */
  static int rows(int left) {
    return ConvolutionBlocks.rows(Math.min(left, ROWS));
  }

  /** How many blocks so many planes have. */
  static int count(int planes) {
    return (planes + ROWS - 1) / ROWS;
  }

  /** The first plane of a block. */
  static int first(int panel) {
    return panel * ROWS;
  }

  /** Planes with those that fill the last block. */
  static int filled(int planes) {
    int last = count(planes) - 1;
    return last * ROWS + rows(planes - last * ROWS);
  }

  /** Elements of all panels. */
  static int size(ConvolutionPlan plan) {
    long taps = 0;
    for (ConvolutionPlan.Phase phase : plan.phases) {
      taps += phase.taps.length;
    }
    return Math.toIntExact(taps * filled(plan.outPlanes) * plan.groups);
  }

  /** Packs weights: group after group, phase after phase, panel after panel, tap after tap. */
  static void pack(ConvolutionPlan plan, float[] w, int wOff, float[] packed) {
    int to = 0;
    for (int g = 0; g < plan.groups; g++) {
      for (ConvolutionPlan.Phase phase : plan.phases) {
        for (int m = 0; m < plan.outPlanes; ) {
          int left = plan.outPlanes - m;
          int rows = rows(left);
          int from = wOff + g * plan.groupWeights + m * plan.weightStep;
          pack(rows, Math.min(rows, left), plan.weightStep, phase.weights, w, from, packed, to);
          to += rows * phase.weights.length;
          m += rows;
        }
      }
    }
  }

  private static void pack(
      int rows, int filled, int step, int[] weights, float[] w, int from, float[] packed, int to) {
    for (int j = 0; j < weights.length; j++) {
      int at = from + weights[j];
      for (int i = 0; i < rows; i++) {
        packed[to + j * rows + i] = i < filled ? w[at + i * step] : 0;
      }
    }
  }
}
