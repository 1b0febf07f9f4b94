package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;

/**
 * CPU kernels on float arrays, in rooms. A room's methods take operands, check that they fit each
 * other, and return a {@link io.hypertape.kernels.lanes.Call}, which may be run again and again. A
 * stride of 0 repeats (broadcasts) what is read. Outputs have no stride of 0 and overlap no input.
 * Axes of length 0 make a call do nothing. NaN and infinities follow IEEE 754.
 *
 * <p>One caller at a time. Results do not depend on the number of threads, nor on the mode.
 */
public interface Kernels extends AutoCloseable {

  /**
   * Opens kernels that somebody insists on. Whether this JVM makes vector kernels fast is for those
   * to know who choose.
   *
   * @param mode which
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if mode is VECTOR and the Vector API's module is not resolved
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  static Kernels open(KernelMode mode, int threads) {
    return open(KernelSelection.of(mode, threads));
  }

  /**
   * Opens kernels. They are made when a room is first asked for.
   *
   * @param selection which
   * @return the kernels, to be closed by the caller
   */
  static Kernels open(KernelSelection selection) {
    return selection.vectorized() ? VectorKernels.open(selection) : ScalarKernels.open(selection);
  }

  /**
   * What was chosen.
   *
   * @return the selection
   */
  KernelSelection selection();

  /**
   * Copies, functions, sums of strided elements, softmax, random numbers.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Elementwise elementwise();

  /**
   * Matrix products and dense layers.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Products products();

  /**
   * Convolutions and their gradients.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Convolutions convolutions();

  /**
   * Pooling, batch normalization, rows of tables, masks and recurrent cells.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Layers layers();

  /**
   * Optimizers' updates and their hypergradients.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  Updates updates();

  /**
   * Ends the worker threads; a call that is under way is done to its end. Closing twice is
   * harmless. A call of vectors that is large enough for several threads throws {@link
   * IllegalStateException} from then on.
   */
  @Override
  void close();
}
