package io.hypertape.kernels.convolution;

/**
 * One product of a convolution as sums of taps: out[m, row, column] = Σ a[m, j]·in[taps[j] + place
 * of row and column]. The forward product reads x and writes y. The data product reads dy and
 * writes dx; with strides, elements of dx with different remainders meet different weights, so each
 * remainder is a phase of its own, a convolution without stride whose sums lie a stride apart. See
 * {@link ConvolutionPlans}.
 *
 * <p>Taps are of channels or filters, then rows, then columns, and those beyond an image's edge are
 * products with 0. An element's sum adds, from 0, fused products in this order, {@link #TAPS} at a
 * time, and then those sums in their order: whatever the vectors' length, blocks and threads.
 *
 * @param lanes of a vector; 1 if sums are floats
 * @param batch images, or bands of one
 * @param in how images lie while they are read
 * @param out how those lie that are written
 * @param rowAdvance rows of {@code in} between neighbouring rows of sums
 * @param rowStep rows of {@code out} between a phase's neighbours
 * @param columnStep columns of {@code out} between a phase's neighbours
 * @param weightStep elements between the weights of neighbouring planes of outputs
 * @param run elements of a row of sums in scratch: whole vectors
 * @param phases row after row: phases of one remainder of rows follow each other
 */
record ConvolutionPlan(
    int lanes,
    int batch,
    ImageLayout in,
    Images out,
    int rowAdvance,
    int rowStep,
    int columnStep,
    int weightStep,
    int run,
    Phase[] phases) {

  /** Longest run of taps between two writes of the sums, for the first-level cache. */
  static final int TAPS = 1024;

  /** Elements of the input for a band of sums. */
  private static final long BAND = 1 << 17;

  /**
   * Sums whose rows and columns have one remainder modulo the steps.
   *
   * @param firstRow the first row that is written
   * @param rows that are written; the first phase has most
   * @param taps offset in {@code in} for each tap
   * @param weights offset of each tap's weight from the first of a plane of outputs
   */
  record Phase(int firstRow, int rows, int[] taps, int[] weights) {}

  /**
   * Whether sums are written to where they belong at once: rows of at least a vector, the last of
   * which may overlap the one before if no sum is added to, and whole panels.
   */
  boolean direct() {
    return in.images() == 1
        && (out.width() % lanes == 0 || (out.width() > lanes && phases[0].taps.length <= TAPS))
        && rowStep == 1
        && columnStep == 1
        && scratchPlanes() == out.planes();
  }

  /**
   * Vectors of sums for which all panels of filters run before the next ones, an even number: what
   * is read for them stays in the second-level cache.
   */
  int band() {
    long vectors = run / lanes;
    long row = Math.max(1, (long) in.source().planes() * rowAdvance * in.row());
    return (int) Math.clamp(BAND * vectors / row, 2, 1 << 30) & -2;
  }

  /** Phases of one remainder of rows. */
  int columnPhases() {
    return Math.min(columnStep, out.width());
  }

  /** Otherwise: where a plane's sums of one of those phases begin in scratch. */
  int columnAt(int phase) {
    return Math.multiplyExact(phase * phases[0].rows, run);
  }

  /** Elements of a plane of sums of all phases of columns, and planes. */
  int scratchPlane() {
    return columnAt(columnPhases());
  }

  /** Planes of sums in scratch, with those that fill the last panel. */
  int scratchPlanes() {
    return ConvolutionPanels.filled(lanes, out.planes());
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
   */
  void write(Phase phase, int count, int planes, float[] sums, int at, float[] y, int to) {
    int width = out.width();
    int yRow = rowStep * width;
    int step = step();
    boolean halves = columnStep == 2 && columnPhases() == 2;
    for (int m = 0; m < planes; m++) {
      int from = at + m * scratchPlane();
      int odd = from + columnAt(1);
      int into = to + m * out.plane() + phase.firstRow * width;
      if (lanes == 1) {
        scatter(phase.rows, count, sums, from, y, into);
      } else if (in.images() == 1 && columnStep == 1) {
        RowCopies.plain(phase.rows, width, sums, from, run, y, into, yRow);
      } else if (in.images() == 1 && halves) {
        RowCopies.inTurn(phase.rows, width, sums, from, odd, run, y, into, yRow);
      } else if (count == 2 && in.images() == 2 && columnStep == 1) {
        RowCopies.unpair(phase.rows, width, sums, from, run, y, into, into + step, yRow);
      } else if (count == 2 && in.images() == 2 && halves) {
        RowCopies.unpairInTurn(phase.rows, width, sums, from, odd, run, y, into, into + step, yRow);
      } else {
        scatter(phase.rows, count, sums, from, y, into);
      }
    }
  }

  /** Elements of {@code out} from an image, or from a band, to the next. */
  private int step() {
    return in.bandRows() > 0 ? phases[0].rows * out.width() : out.at(1, 0);
  }

  private void scatter(int rows, int count, float[] sums, int from, float[] y, int to) {
    int yRow = rowStep * out.width();
    for (int j = 0; j < columnPhases(); j++) {
      int n = (out.width() - j + columnStep - 1) / columnStep;
      int at = from + columnAt(j);
      for (int b = 0; b < count; b++) {
        int into = to + b * step() + j;
        ImageLayout.scatter(rows, n, sums, at + b, run, in.images(), y, into, yRow, columnStep);
      }
    }
  }
}
