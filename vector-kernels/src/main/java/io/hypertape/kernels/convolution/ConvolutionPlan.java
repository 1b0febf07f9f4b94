package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;

/**
 * One product of a convolution as sums of taps: out[m, row, column] = Σ a[m, j]·in[taps[j] + place
 * of row and column]. The forward product reads x and writes y. The data product reads dy and
 * writes dx; with strides, elements of dx with different remainders meet different weights, so each
 * remainder is a phase of its own, a convolution without stride whose sums lie a stride apart. See
 * {@link ConvolutionPlans}.
 */
final class ConvolutionPlan {

  /** Longest run of taps between two writes of the sums, for the first-level cache. */
  static final int TAPS = 1024;

  /** Elements of the input for a band of sums. */
  private static final long BAND = 1 << 17;

  /** Sums whose rows and columns have one remainder modulo the steps. */
  static final class Phase {
    /** The first row that is written. */
    final int firstRow;

    /** Rows that are written. */
    final int rows;

    /** Offset in {@link #in} for each tap. */
    final int[] taps;

    /** Offset of each tap's weight from the first of a plane of outputs. */
    final int[] weights;

    Phase(int firstRow, int rows, int[] taps, int[] weights) {
      this.firstRow = firstRow;
      this.rows = rows;
      this.taps = taps;
      this.weights = weights;
    }
  }

  final int groups;
  final int batch;

  /** Planes of a group, read and written. */
  final int inPlanes;

  final int outPlanes;

  /** What is written: rows and columns of a plane, and the distance of a phase's neighbours. */
  final int height;

  final int width;
  final int rowStep;
  final int columnStep;

  /** Phases of one remainder of rows. */
  final int columnPhases;

  /** Elements between the weights of neighbouring planes of outputs, and between groups. */
  final int weightStep;

  final int groupWeights;

  /** How images lie while they are read. */
  final ImageLayout in;

  /** Rows of {@link #in} between neighbouring rows of sums. */
  final int rowAdvance;

  /** Elements of a row of sums in scratch: whole vectors. */
  final int run;

  /** Most rows of a phase. */
  final int mostRows;

  /** Row after row: phases of one remainder of rows follow each other. */
  final Phase[] phases;

  ConvolutionPlan(ConvolutionShape s, boolean forward, ImageLayout in, int run, Phase[] phases) {
    this.groups = s.groups();
    this.batch = s.batch();
    this.inPlanes = forward ? s.groupChannels() : s.groupFilters();
    this.outPlanes = forward ? s.groupFilters() : s.groupChannels();
    this.height = forward ? s.outHeight() : s.height();
    this.width = forward ? s.outWidth() : s.width();
    this.rowStep = forward ? 1 : s.strideHeight();
    this.columnStep = forward ? 1 : s.strideWidth();
    this.columnPhases = Math.min(columnStep, width);
    this.weightStep = forward ? s.groupChannels() * s.filterPlane() : s.filterPlane();
    this.groupWeights = s.groupFilters() * s.groupChannels() * s.filterPlane();
    this.in = in;
    this.rowAdvance = forward ? s.strideHeight() : 1;
    this.run = run;
    this.phases = phases;
    this.mostRows = Arrays.stream(phases).mapToInt(phase -> phase.rows).max().orElse(0);
  }

  /** Elements of a plane that is read. */
  int inPlane() {
    return in.imagePlane();
  }

  /**
   * Whether sums are written to where they belong at once: rows of at least a vector, the last of
   * which may overlap the one before if no sum is added to, and whole panels.
   */
  boolean direct() {
    int lanes = VectorRows.S.length();
    return in.images == 1
        && (width % lanes == 0 || (width > lanes && phases[0].taps.length <= TAPS))
        && rowStep == 1
        && columnStep == 1
        && ConvolutionPanels.filled(outPlanes) == outPlanes;
  }

  /**
   * Vectors of sums for which all panels of filters run before the next ones, an even number: what
   * is read for them stays in the second-level cache.
   */
  int band() {
    long vectors = run / VectorRows.S.length();
    long row = Math.max(1, (long) inPlanes * rowAdvance * in.row);
    return (int) Math.clamp(BAND * vectors / row, 2, 1 << 30) & -2;
  }

  /** Otherwise: elements of a plane of sums of all phases of columns, and planes. */
  int scratchPlane() {
    return Math.multiplyExact(columnPhases * mostRows, run);
  }

  /** Planes of sums in scratch, with those that fill the last panel. */
  int scratchPlanes() {
    return ConvolutionPanels.filled(outPlanes);
  }

  /**
   * Writes sums from scratch to where they belong: all phases of columns for one remainder of rows.
   *
   * @param phase one of those phases
   * @param count images there are
   * @param planes planes of outputs
   * @param sums scratch
   * @param at offset of the first plane's first phase
   * @param y written
   * @param to offset of the first image's first plane
   * @param step elements between images
   */
  void write(
      Phase phase, int count, int planes, float[] sums, int at, float[] y, int to, int step) {
    int yRow = rowStep * width;
    for (int m = 0; m < planes; m++) {
      int from = at + m * scratchPlane();
      int into = to + m * height * width + phase.firstRow * width;
      if (in.images == 1 && columnStep == 1) {
        RowCopies.plain(phase.rows, width, sums, from, run, y, into, yRow);
      } else if (in.images == 1 && columnStep == 2 && columnPhases == 2) {
        int odd = from + mostRows * run;
        RowCopies.inTurn(phase.rows, width, sums, from, odd, run, y, into, yRow);
      } else if (count == 2 && in.images == 2 && columnStep == 1) {
        RowCopies.unpair(phase.rows, width, sums, from, run, y, into, into + step, yRow);
      } else if (count == 2 && in.images == 2 && columnStep == 2 && columnPhases == 2) {
        int odd = from + mostRows * run;
        RowCopies.unpairInTurn(phase.rows, width, sums, from, odd, run, y, into, into + step, yRow);
      } else {
        scatter(phase.rows, count, sums, from, y, into, yRow, step);
      }
    }
  }

  private void scatter(
      int rows, int count, float[] sums, int from, float[] y, int to, int yRow, int step) {
    for (int j = 0; j < columnPhases; j++) {
      int n = (width - j + columnStep - 1) / columnStep;
      int at = from + j * mostRows * run;
      for (int b = 0; b < count; b++) {
        int into = to + b * step + j;
        RowCopies.scattered(rows, n, sums, at + b, run, in.images, y, into, yRow, columnStep);
      }
    }
  }
}
