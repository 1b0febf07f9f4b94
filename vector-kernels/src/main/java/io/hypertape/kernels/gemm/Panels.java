package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;

/** Factors of a matrix product, packed in the order in which {@link PackedBlocks} read them. */
final class Panels {

  private static final int NR = MicroKernels.NR;
  private static final int L = VectorRows.S.length();

  /**
   * Where panels of b begin: 64 bytes into an array whose elements begin after 16. If the array
   * itself begins at a line of the cache, see {@link #length}, no vector of a panel lies in two.
   */
  static final int START = 12;

  /** Floats below which panels stay in the first-level cache anyway, and are made as they are. */
  private static final int SMALL = 1 << 13;

  private static final long MEBIBYTE = 1 << 20;

  private Panels() {}

  /**
   * Length of an array for panels of b: beyond half of a region, G1 gives it regions of its own,
   * and these begin at pages. A region is a 2048th of the heap, at least 1 and at most 32 MiB,
   * rounded up to a power of two. Other collectors place it as they like, which costs only time.
   *
   * @param floats those needed
   * @param heap the largest heap, in bytes
   */
  static int length(int floats, long heap) {
    if (floats < SMALL) {
      return floats;
    }
    long region = Math.clamp(heap / 2048, MEBIBYTE, 32 * MEBIBYTE);
    region = Long.highestOneBit(2 * region - 1);
    return Math.max(floats, (int) (region / 2 / Float.BYTES));
  }

  /** Width of the last, incomplete panel. */
  static int lastWidth(int n) {
    return n % NR > L ? NR : L;
  }

  /**
   * Panels of NR columns, or fewer at the end: panel after panel, row after row; zeros fill the
   * last one. Where columns are used in place, only those beyond the whole vectors are packed.
   *
   * @param at offset of the first element of b
   */
  static void packB(int kc, int inPlace, int n, Matrix b, int at, float[] packed, float[] tile) {
    float[] x = b.array();
    int row = b.rowStride();
    int col = b.colStride();
    if (inPlace > 0) {
      if (inPlace < n) {
        VectorCopies.padded(kc, n - inPlace, x, at + inPlace, row, packed, START, L);
      }
      return;
    }
    for (int j = 0; j < n; j += NR) {
      int cols = Math.min(NR, n - j);
      int width = cols < NR ? lastWidth(n) : NR;
      int panel = START + j * kc;
      int from = at + j * col;
      if (col == 1 && cols == NR) {
        VectorCopies.rows(kc, 2, x, from, row, packed, panel, NR);
      } else if (col == 1) {
        if (cols >= L) {
          VectorCopies.rows(kc, 1, x, from, row, packed, panel, width);
        }
        if (cols % L > 0) {
          int whole = cols - cols % L;
          VectorCopies.padded(kc, cols - whole, x, from + whole, row, packed, panel + whole, width);
        }
      } else {
        if (cols < width) {
          Arrays.fill(packed, panel, panel + kc * width, 0);
        }
        int line = 0;
        if (row == 1 && col > 0 && Transposition.FITS) {
          for (; cols - line >= Transposition.SIZE; line += Transposition.SIZE) {
            transpose(kc, x, from + line * col, col, packed, panel + line, width, tile);
          }
        }
        spread(line, cols, kc, x, from, col, row, packed, panel, width);
      }
    }
  }

  /**
   * A panel of a few rows, column after column; what an odd last row is followed by is open.
   *
   * @param at offset of the first element of a
   */
  static void packA(int rows, int kc, Matrix a, int at, float[] packed) {
    float[] x = a.array();
    int col = a.colStride();
    int width = PackedBlocks.width(rows);
    if (a.rowStride() == 1 && width <= L) {
      // One vector has a column; what it has beyond that is overwritten by the next.
      int whole = VectorCopies.within(kc, x.length - at, col);
      VectorCopies.rows(whole, 1, x, at, col, packed, 0, width);
      for (int p = whole; p < kc; p++) {
        for (int r = 0; r < rows; r++) {
          packed[p * width + r] = x[at + p * col + r];
        }
      }
    } else {
      spread(0, rows, kc, x, at, a.rowStride(), col, packed, 0, width);
    }
  }

  /** Blocks in registers, the last of which begins early enough to be a whole one. */
  private static void transpose(
      int kc, float[] x, int at, int lineStep, float[] packed, int to, int width, float[] tile) {
    int size = Transposition.SIZE;
    if (kc < size) {
      // It writes 16 rows; those beyond are the next panel's, which comes later.
      VectorCopies.padded(size, kc, x, at, lineStep, tile, 0, size);
      Transposition.block(tile, 0, size, packed, to, width);
      return;
    }
    int p = 0;
    for (; p <= kc - size; p += size) {
      Transposition.block(x, at + p, lineStep, packed, to + p * width, width);
    }
    if (p < kc) {
      Transposition.block(x, at + kc - size, lineStep, packed, to + (kc - size) * width, width);
    }
  }

  /**
   * packed[p·width + line] = x[line·lineStep + p·step], lines from a number on; a stretch of p at a
   * time for the cache.
   */
  @LeafLoop
  private static void spread(
      int firstLine,
      int lines,
      int kc,
      float[] x,
      int xOff,
      int lineStep,
      int step,
      float[] packed,
      int to,
      int width) {
    for (int from = 0; from < kc; from += 64) {
      int end = Math.min(from + 64, kc);
      for (int line = firstLine; line < lines; line++) {
        int at = xOff + line * lineStep;
        if (step == 1) {
          spread(x, at + from, end - from, packed, to + from * width + line, width);
        } else {
          for (int p = from; p < end; p++) {
            packed[to + p * width + line] = x[at + p * step];
          }
        }
      }
    }
  }

  private static void spread(float[] x, int at, int n, float[] packed, int to, int width) {
    for (int p = 0; p < n; p++) {
      packed[to + p * width] = x[at + p];
    }
  }
}
