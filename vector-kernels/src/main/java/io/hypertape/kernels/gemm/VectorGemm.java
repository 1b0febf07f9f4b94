package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.elementwise.VectorUnary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * Matrix product after Goto and van de Geijn, 'Anatomy of High-Performance Matrix Multiplication'
 * (2008): for a block of k, panels of b, NR columns each, pass over a few rows of a that stay in
 * the first-level cache; both are packed where they cannot be read in place. Blocks of k depend on
 * k alone, so an element's sum has one order whatever the number of threads. A long k is left to
 * {@link LongProducts}.
 */
public final class VectorGemm {

  private static final int NR = MicroKernels.NR;
  private static final int L = VectorRows.S.length();

  /** Longest block of k: so much of a block's rows of a lies in the first-level cache. */
  private static final int KC = 512;

  /** Widest block of b: KC · NC floats of it lie in the second-level cache. */
  private static final int NC = 512;

  /** Longest rows of b that are read in place: beyond, a panel's rows lie in too many pages. */
  private static final int B_IN_PLACE = 1024;

  /** Rows or columns of the result up to which its transpose is computed where that is easier. */
  private static final int FEW = 16;

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 2_000_000;

  private final Workers workers;
  private final Scratch[] scratch;
  private final LongProducts spans = new LongProducts(this);

  /** Buffers of one thread. */
  private static final class Scratch {
    float[] a = {};
    float[] b = {};
    float[] turned = {};
    final float[] tile = new float[FEW * FEW];

    void reserve(int aSize, int bSize) {
      if (a.length < aSize) {
        a = new float[aSize];
      }
      if (b.length < bSize) {
        b = new float[bSize];
      }
    }
  }

  public VectorGemm(Workers workers) {
    this.workers = workers;
    this.scratch = new Scratch[workers.count()];
    Arrays.setAll(scratch, unused -> new Scratch());
  }

  public void run(
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float beta,
      float[] c,
      int cOff,
      int cRow,
      DenseActivation activation,
      float[] bias,
      int biasOff) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k > LongProducts.SPAN) {
      spans.run(m, n, k, a, aOff, aRow, aCol, b, bOff, bRow, bCol, beta, c, cOff, cRow);
      finish(m, n, activation, bias, biasOff, c, cOff, cRow);
      return;
    }
    scale(m, n, k, beta, c, cOff, cRow);
    if (k == 0) {
      finish(m, n, activation, bias, biasOff, c, cOff, cRow);
      return;
    }
    boolean add = beta != 0;
    Way way = way(m, n, k, aRow, aCol);
    if (workers.count() == 1 || (long) m * n * k < PARALLEL) {
      product(
          way,
          scratch[0],
          m,
          n,
          k,
          a,
          aOff,
          aRow,
          aCol,
          b,
          bOff,
          bRow,
          bCol,
          c,
          cOff,
          cRow,
          add,
          activation,
          bias,
          biasOff);
    } else if (n >= 2 * NR * workers.count()) {
      workers.run(
          (part, parts) -> {
            int from = edge(n, NR, part, parts);
            int to = edge(n, NR, part + 1, parts);
            int right = bOff + from * bCol;
            int at = cOff + from;
            product(
                way,
                scratch[part],
                m,
                to - from,
                k,
                a,
                aOff,
                aRow,
                aCol,
                b,
                right,
                bRow,
                bCol,
                c,
                at,
                cRow,
                add,
                activation,
                bias,
                biasOff + from);
          });
    } else {
      workers.run(
          (part, parts) -> {
            int unit = unit(way, aCol);
            int from = edge(m, unit, part, parts);
            int rows = edge(m, unit, part + 1, parts) - from;
            int left = aOff + from * aRow;
            int at = cOff + from * cRow;
            product(
                way,
                scratch[part],
                rows,
                n,
                k,
                a,
                left,
                aRow,
                aCol,
                b,
                bOff,
                bRow,
                bCol,
                c,
                at,
                cRow,
                add,
                activation,
                bias,
                biasOff);
          });
    }
  }

  /** How a product is computed; the threads' parts of one all in the same way. */
  private enum Way {
    /** Blocks of c, vectors along its rows. */
    BLOCKS,
    /** The transpose's blocks. */
    TURNED,
    /** Inner products, vectors along k. */
    DOTS
  }

  /** Vectors run along a side that leaves few lanes idle, where that is easy to load. */
  private static Way way(int m, int n, int k, int aRow, int aCol) {
    if (n > FEW || m < 2 * NR) {
      return Way.BLOCKS;
    }
    if (aRow != 1 && aCol == 1 && VectorDots.fit(n, k)) {
      return Way.DOTS;
    }
    return aRow == 1 || (aCol == 1 && Transposition.FITS) ? Way.TURNED : Way.BLOCKS;
  }

  private static void product(
      Way way,
      Scratch s,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add,
      DenseActivation activation,
      float[] bias,
      int biasOff) {
    switch (way) {
      case BLOCKS ->
          block(
              s,
              m,
              n,
              k,
              a,
              aOff,
              aRow,
              aCol,
              b,
              bOff,
              bRow,
              bCol,
              c,
              cOff,
              cRow,
              add,
              activation,
              bias,
              biasOff);
      case TURNED ->
          turned(
              s,
              m,
              n,
              k,
              a,
              aOff,
              aRow,
              aCol,
              b,
              bOff,
              bRow,
              bCol,
              c,
              cOff,
              cRow,
              add,
              activation,
              bias,
              biasOff);
      case DOTS -> {
        s.reserve(VectorDots.rows(k), VectorDots.columns(n, k));
        VectorDots.run(m, n, k, a, aOff, aRow, b, bOff, bRow, bCol, c, cOff, cRow, add, s.a, s.b);
        finish(m, n, activation, bias, biasOff, c, cOff, cRow);
      }
    }
  }

  /** Rows of a whole block. */
  private static int unit(Way way, int aCol) {
    return switch (way) {
      case BLOCKS -> aCol == 1 ? MicroKernels.IN_PLACE : MicroKernels.PACKED;
      case TURNED, DOTS -> NR;
    };
  }

  /** Where a part begins, in whole blocks. */
  private static int edge(int n, int unit, int part, int parts) {
    int blocks = (n + unit - 1) / unit;
    return Math.min(n, (int) ((long) blocks * part / parts) * unit);
  }

  /**
   * Brings c to beta·c, so that products can be added; at beta = 0 the first block overwrites it.
   */
  private static void scale(int m, int n, int k, float beta, float[] c, int cOff, int cRow) {
    if (beta == 1 || (beta == 0 && k > 0)) {
      return;
    }
    for (int i = 0; i < m; i++) {
      int at = cOff + i * cRow;
      for (int j = 0; j < n; j++) {
        c[at + j] = beta == 0 ? 0 : beta * c[at + j];
      }
    }
  }

  /**
   * cᵀ = bᵀ·aᵀ: where c has few columns and a's columns are contiguous, a is what vectors should
   * run along.
   */
  private static void turned(
      Scratch s,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add,
      DenseActivation activation,
      float[] bias,
      int biasOff) {
    if (s.turned.length < FEW * m) {
      s.turned = new float[FEW * m];
    }
    block(
        s, n, m, k, b, bOff, bCol, bRow, a, aOff, aCol, aRow, s.turned, 0, m, false, null, null, 0);
    int size = Transposition.SIZE;
    int i = 0;
    if (Transposition.FITS) {
      for (; i <= m - size; i += size) {
        Transposition.block(s.turned, i, m, s.tile, 0, size);
        VectorCopies.part(size, n, s.tile, 0, size, c, cOff + i * cRow, cRow, add);
      }
    }
    for (; i < m; i++) {
      int at = cOff + i * cRow;
      for (int j = 0; j < n; j++) {
        float sum = s.turned[j * m + i];
        c[at + j] = add ? c[at + j] + sum : sum;
      }
    }
    finish(m, n, activation, bias, biasOff, c, cOff, cRow);
  }

  private static void block(
      Scratch s,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean addFirst,
      DenseActivation activation,
      float[] bias,
      int biasOff) {
    if (m == 0 || n == 0) {
      return;
    }
    int blocks = (k + KC - 1) / KC;
    int longest = (k + blocks - 1) / blocks;
    boolean bInPlace = bInPlace(bRow, bCol);
    int height = aCol == 1 ? MicroKernels.IN_PLACE : MicroKernels.PACKED;
    // Packing writes whole vectors and whole transposed blocks, beyond the last panel's end.
    s.reserve((longest + 2 * L) * height, (longest + Transposition.SIZE) * (Math.min(n, NC) + NR));
    for (int p = 0; p < k; p += longest) {
      int kc = Math.min(longest, k - p);
      boolean add = addFirst || p > 0;
      for (int j = 0; j < n; j += NC) {
        int nc = Math.min(NC, n - j);
        int right = bOff + p * bRow + j * bCol;
        int whole = bInPlace ? nc - nc % L : 0;
        // Where sums may be computed twice, columns beside whole vectors need no panel.
        if (whole == 0 || add || nc < L) {
          Panels.packB(kc, whole, nc, b, right, bRow, bCol, s.b, s.tile);
        }
        for (int i = 0; i < m; i += height) {
          int rows = Math.min(height, m - i);
          int left = aOff + i * aRow + p * aCol;
          int at = cOff + i * cRow + j;
          if (aCol != 1) {
            Panels.packA(rows, kc, a, left, aRow, aCol, s.a);
            packed(s, rows, nc, kc, whole, b, right, bRow, c, at, cRow, add);
          } else if (aInPlace(aRow)) {
            direct(s, rows, nc, kc, a, left, aRow, whole, b, right, bRow, c, at, cRow, add);
          } else {
            // An odd number of vectors apart, rows fall into different sets of the cache.
            int apart = (kc / L | 1) * L + L;
            for (int row = 0; row < rows; row++) {
              System.arraycopy(a, left + row * aRow, s.a, row * apart, kc);
            }
            direct(s, rows, nc, kc, s.a, 0, apart, whole, b, right, bRow, c, at, cRow, add);
          }
          if (p + kc == k) {
            finish(rows, nc, activation, bias, biasOff + j, c, at, cRow);
          }
        }
      }
    }
  }

  /** Adds the bias and applies the function, if there are any. */
  private static void finish(
      int rows,
      int cols,
      DenseActivation activation,
      float[] bias,
      int biasOff,
      float[] c,
      int cOff,
      int cRow) {
    if (activation == null) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      int at = cOff + i * cRow;
      VectorBinary.row(BinaryOp.ADD, cols, c, at, bias, biasOff, c, at);
    }
    // Rows that lie end to end are one: there are no short ones then.
    boolean joined = cRow == cols;
    int runs = joined ? 1 : rows;
    for (int i = 0; i < runs; i++) {
      apply(activation, joined ? rows * cols : cols, c, cOff + i * cRow);
    }
  }

  private static void apply(DenseActivation activation, int n, float[] c, int at) {
    switch (activation) {
      case NONE -> {}
      case TANH -> VectorUnary.row(UnaryOp.TANH, n, c, at, c, at);
      case RELU -> VectorUnary.row(UnaryOp.RELU, n, c, at, c, at);
      case SIGMOID -> VectorUnary.row(UnaryOp.SIGMOID, n, c, at, c, at);
    }
  }

  /** Whether contiguous rows of a are read where they lie: not if they fall into the same sets. */
  private static boolean aInPlace(int aRow) {
    return aRow % 512 != 0;
  }

  /** Whether b is read where it lies: the same, and its rows must not be too far apart. */
  private static boolean bInPlace(int bRow, int bCol) {
    return bCol == 1 && bRow % 512 != 0 && bRow <= B_IN_PLACE;
  }

  /**
   * A block's rows of a with all columns of b, of which so many lie in place and the others in
   * panels.
   */
  private static void direct(
      Scratch s,
      int rows,
      int n,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int inPlace,
      float[] b,
      int bOff,
      int bRow,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float[] right = inPlace > 0 ? b : s.b;
    int first = inPlace > 0 ? bOff : 0;
    int next = inPlace > 0 ? 1 : kc;
    int step = inPlace > 0 ? bRow : NR;
    int j = 0;
    boolean exact = n % L == 0 || !add;
    if (MicroKernels.MANY && inPlace > 0 && n > NR && (n + L - 1) / L % 2 == 1 && exact) {
      int third = Math.min(NR, n - L);
      MicroKernels.directThree(rows, kc, a, aOff, aRow, b, bOff, bRow, c, cOff, cRow, third, add);
      j = 3 * L;
    }
    for (; j <= n - NR; j += NR) {
      MicroKernels.direct(
          rows, kc, a, aOff, aRow, right, first + j * next, step, c, cOff + j, cRow, add);
    }
    if (j >= n) {
      return;
    }
    if (j < n - L && inPlace > 0 && !add && n >= NR) {
      // The last vectors begin early enough to be whole: some sums are computed twice.
      int from = n - NR;
      MicroKernels.direct(
          rows, kc, a, aOff, aRow, b, bOff + from, bRow, c, cOff + from, cRow, false);
      return;
    }
    int at = first + j * next;
    step = inPlace > 0 ? bRow : Panels.lastWidth(n);
    if (j <= n - L) {
      MicroKernels.directNarrow(rows, kc, a, aOff, aRow, right, at, step, c, cOff + j, cRow, add);
      j += L;
      at += L;
    }
    if (j < n && inPlace > 0 && !add && n >= L) {
      // The last vector begins early enough to be whole: some sums are computed twice.
      MicroKernels.directNarrow(
          rows, kc, a, aOff, aRow, b, bOff + n - L, bRow, c, cOff + n - L, cRow, false);
    } else if (j < n) {
      if (inPlace > 0) {
        right = s.b;
        at = 0;
        step = L;
      }
      MicroKernels.directNarrow(rows, kc, a, aOff, aRow, right, at, step, s.tile, 0, L, false);
      VectorCopies.part(rows, n - j, s.tile, 0, L, c, cOff + j, cRow, add);
    }
  }

  /** The same with rows of a in a panel. */
  private static void packed(
      Scratch s,
      int rows,
      int n,
      int kc,
      int inPlace,
      float[] b,
      int bOff,
      int bRow,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float[] right = inPlace > 0 ? b : s.b;
    int first = inPlace > 0 ? bOff : 0;
    int next = inPlace > 0 ? 1 : kc;
    int step = inPlace > 0 ? bRow : NR;
    int j = 0;
    for (; j <= n - NR; j += NR) {
      MicroKernels.packed(rows, kc, s.a, 0, right, first + j * next, step, c, cOff + j, cRow, add);
    }
    int at = first + j * next;
    step = inPlace > 0 ? bRow : Panels.lastWidth(n);
    if (j <= n - L) {
      MicroKernels.packedNarrow(rows, kc, s.a, 0, right, at, step, c, cOff + j, cRow, add);
      j += L;
      at += L;
    }
    if (j < n && inPlace > 0 && !add && n >= L) {
      // The last vector begins early enough to be whole: some sums are computed twice.
      MicroKernels.packedNarrow(
          rows, kc, s.a, 0, b, bOff + n - L, bRow, c, cOff + n - L, cRow, false);
    } else if (j < n) {
      if (inPlace > 0) {
        right = s.b;
        at = 0;
        step = L;
      }
      MicroKernels.packedNarrow(rows, kc, s.a, 0, right, at, step, s.tile, 0, L, false);
      VectorCopies.part(rows, n - j, s.tile, 0, L, c, cOff + j, cRow, add);
    }
  }
}
