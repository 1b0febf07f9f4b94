package io.hypertape.kernels.elementwise;

import java.util.Arrays;

/**
 * Sums of a matrix's columns in one order, whatever the length of vectors, the number of threads
 * and the pieces in which rows come: the sums of eight rows each, a tree of three levels, are added
 * one after the other in single precision, and those of a block of rows to the others in double
 * precision. Errors are those of a block, however many rows there are.
 *
 * <p>A few columns would leave most lanes idle. Where their rows lie end to end, several, a power
 * of two, count as one long row; what its parts have for a column is added at the end.
 */
public final class ColumnSums {

  /** Rows of the kernels' tree: pieces begin at multiples of so many. */
  private static final int GROUP = 8;

  /** Rows of a block. */
  private static final int BLOCK = 256;

  /** Columns from which on rows are taken as they are. */
  private static final int ENOUGH = 64;

  /** Most elements of a row that stands for several. */
  private static final int WIDE = 512;

  /** So many long rows make it worth adding their parts at the end. */
  private static final int LONG_ROWS = 16;

  /** Adds rows to sums: eight at a time by a tree, the remaining ones one after the other. */
  public interface Rows {
    void add(int rows, int n, float[] x, int xOff, int xRow, float[] sums);
  }

  private final Rows kernel;

  private float[] sums = {};
  private double[] totals = {};
  private double[] rest = {};

  // Of the matrix under way.
  private int cols;
  private int lanes;
  private int width;
  private int step;
  private int inBlock;
  private boolean blocks;

  public ColumnSums(Rows kernel) {
    this.kernel = kernel;
  }

  /** out = the sums of a matrix's columns. */
  public void run(int rows, int cols, float[] x, int xOff, int xRow, float[] out, int outOff) {
    begin(rows, cols, xRow);
    add(rows, x, xOff);
    end(out, outOff, 1);
  }

  /** Begins with the sums of a matrix, of which pieces will come in their order. */
  public void begin(int rows, int cols, int xRow) {
    this.cols = cols;
    lanes = xRow == cols ? lanes(rows, cols) : 1;
    width = lanes * cols;
    step = lanes == 1 ? xRow : width;
    inBlock = 0;
    blocks = false;
    if (sums.length < width) {
      sums = new float[width];
    }
    Arrays.fill(sums, 0, width, 0);
    if (lanes > 1) {
      if (rest.length < cols) {
        rest = new double[ENOUGH];
      }
      Arrays.fill(rest, 0, cols, 0);
    }
  }

  private static int lanes(int rows, int cols) {
    int lanes = 1;
    while (cols > 0 && cols < ENOUGH && 2 * lanes * cols <= WIDE && 2 * lanes * LONG_ROWS <= rows) {
      lanes *= 2;
    }
    return lanes;
  }

  /** Rows of a piece of about so many elements. */
  public int piece(int elements) {
    int rows = GROUP * lanes;
    while (2 * rows * cols <= elements && rows < BLOCK * lanes) {
      rows *= 2;
    }
    return rows;
  }

  /** Takes in a piece; all but the last have a multiple of {@link #piece}'s rows. */
  public void add(int rows, float[] x, int xOff) {
    int whole = rows / lanes;
    for (int i = 0; i < whole; ) {
      if (inBlock == BLOCK) {
        closeBlock();
      }
      int some = Math.min(whole - i, BLOCK - inBlock);
      kernel.add(some, width, x, xOff + i * step, step, sums);
      inBlock += some;
      i += some;
    }
    for (int i = whole * lanes; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        rest[j] += x[xOff + i * cols + j];
      }
    }
  }

  private void closeBlock() {
    if (!blocks) {
      blocks = true;
      if (totals.length < width) {
        totals = new double[width];
      }
      Arrays.fill(totals, 0, width, 0);
    }
    addTo(width, sums, 0, totals, 0);
    Arrays.fill(sums, 0, width, 0);
    inBlock = 0;
  }

  /** totals += x, in double precision. */
  public static void addTo(int n, float[] x, int xOff, double[] totals, int off) {
    for (int i = 0; i < n; i++) {
      totals[off + i] += x[xOff + i];
    }
  }

  /** Writes the sums, which lie so many elements apart. */
  public void end(float[] out, int outOff, int outStep) {
    if (blocks) {
      closeBlock();
    }
    if (lanes > 1) {
      for (int lane = 0; lane < width; lane += cols) {
        for (int j = 0; j < cols; j++) {
          rest[j] += blocks ? totals[lane + j] : sums[lane + j];
        }
      }
      write(rest, out, outOff, outStep);
    } else if (blocks) {
      write(totals, out, outOff, outStep);
    } else if (outStep == 1) {
      System.arraycopy(sums, 0, out, outOff, cols);
    } else {
      for (int j = 0; j < cols; j++) {
        out[outOff + j * outStep] = sums[j];
      }
    }
  }

  private void write(double[] x, float[] out, int outOff, int outStep) {
    for (int j = 0; j < cols; j++) {
      out[outOff + j * outStep] = (float) x[j];
    }
  }
}
