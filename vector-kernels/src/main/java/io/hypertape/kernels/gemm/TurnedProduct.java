package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.VectorCopies;

/**
 * cᵀ = bᵀ·aᵀ: where c has few columns and a's columns are contiguous, a is what vectors should run
 * along.
 *
 * @param blocks a thread's buffers, with room for the product
 * @param a transposed, [k, m]
 * @param b transposed, [n, k]
 * @param sums room for cᵀ, [n, m]
 * @param add whether c is added to
 * @param c [m, n]
 * @param finish what is done then
 */
record TurnedProduct(
    BlockedProduct blocks,
    Matrix a,
    Matrix b,
    Matrix sums,
    boolean add,
    Matrix c,
    DenseFinish finish)
    implements Call {

  @Override
  public void run() {
    blocks.run(b, a, sums, false, DenseFinish.NOTHING);
    int m = c.rows();
    int n = c.cols();
    float[] turned = sums.array();
    float[] out = c.array();
    int size = Transposition.SIZE;
    int i = 0;
    if (Transposition.FITS) {
      float[] tile = blocks.tile;
      for (; i <= m - size; i += size) {
        Transposition.block(turned, i, m, tile, 0, size);
        int at = c.offset() + i * c.rowStride();
        VectorCopies.part(size, n, tile, 0, size, out, at, c.rowStride(), add);
      }
    }
    for (; i < m; i++) {
      int at = c.offset() + i * c.rowStride();
      for (int j = 0; j < n; j++) {
        float sum = turned[j * m + i];
        out[at + j] = add ? out[at + j] + sum : sum;
      }
    }
    finish.apply(c);
  }
}
