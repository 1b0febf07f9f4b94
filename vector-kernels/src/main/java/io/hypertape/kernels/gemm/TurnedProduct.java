package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.VectorCopies;

/**
 * A product made apart, often cᵀ = bᵀ·aᵀ: where c has few columns and a's columns are contiguous, a
 * is what vectors should run along.
 *
 * @param blocks a thread's buffers, with room for the product
 * @param left a, or b transposed, [n, k]
 * @param right b, or a transposed, [k, m]
 * @param sums room for the product of both
 * @param shown the same as [m, n]
 * @param add whether c is added to
 * @param c [m, n]
 * @param finish what is done then
 */
record TurnedProduct(
    BlockedProduct blocks,
    Matrix left,
    Matrix right,
    Matrix sums,
    Matrix shown,
    boolean add,
    Matrix c,
    DenseFinish finish)
    implements Call {

  @Override
  public void run() {
    blocks.run(left, right, sums, false, DenseFinish.NOTHING);
    int m = c.rows();
    int n = c.cols();
    float[] turned = sums.array();
    float[] out = c.array();
    int size = Transposition.SIZE;
    int i = 0;
    if (Transposition.FITS && shown.rowStride() == 1) {
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
        float sum = turned[shown.row(i) + j * shown.colStride()];
        out[at + j] = add ? out[at + j] + sum : sum;
      }
    }
    finish.apply(c);
  }
}
