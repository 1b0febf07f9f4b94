package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
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
    for (ConvolutionPlan.Phase phase : plan.phases()) {
      taps += phase.taps().length;
    }
    return Math.toIntExact(taps * filled(plan.out().planes()) * plan.out().groups());
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
          int rows = rows(planes - m);
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
    for (int j = 0; j < weights.length; j++) {
      int at = from + weights[j];
      for (int i = 0; i < rows; i++) {
        packed[to + j * rows + i] = i < filled ? w[at + i * step] : 0;
      }
    }
  }
}
