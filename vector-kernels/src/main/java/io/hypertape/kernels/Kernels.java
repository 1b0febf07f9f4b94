package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;

/**
 * CPU kernels on float arrays. An operand is an array, an offset and, where it may be strided, one
 * stride an axis, in elements; a stride of 0 repeats (broadcasts). Outputs have no stride of 0 and
 * overlap no input. Axes of length 0 make a call do nothing. NaN and infinities follow IEEE 754.
 *
 * <p>One caller at a time. Results do not depend on the number of threads.
 */
public interface Kernels extends AutoCloseable {

  /**
   * Opens kernels.
   *
   * @param mode which
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if mode is VECTOR and vector kernels cannot run or would be
   *     slower than scalar ones; says why
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  static Kernels open(KernelMode mode, int threads) {
    return KernelLadder.open(mode, threads);
  }

  /**
   * What was chosen.
   *
   * @return the selection
   */
  KernelSelection selection();

  /**
   * Updates of optimizers.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Updates updates();

  /**
   * Kernels of strided elements.
   *
   * @return the room of them
   */
  Elementwise elementwise();

  /**
   * Matrix products.
   *
   * @return the room of them
   */
  Products products();

  /**
   * Convolutions.
   *
   * @return the room of them, until these are closed
   * @throws IllegalStateException if these are closed
   */
  Convolutions convolutions();

  /**
   * Pooling, batch normalization, rows of tables, masks and recurrent cells.
   *
   * @return the layers' kernels, until these are closed
   * @throws IllegalStateException if these are closed
   */
  Layers layers();

  /**
   * Ends the worker threads; a call that is under way is done to its end. Closing twice is
   * harmless. A call that is large enough for several threads throws {@link IllegalStateException}
   * from then on.
   */
  @Override
  void close();
}
