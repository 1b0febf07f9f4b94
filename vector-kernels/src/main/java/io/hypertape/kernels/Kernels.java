package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * CPU kernels on float arrays, in rooms. A room's methods take operands, check that they fit each
 * other, and return a {@link io.hypertape.kernels.lanes.Call}, which may be run again and again. A
 * stride of 0 repeats (broadcasts) what is read. Outputs have no stride of 0 and overlap no input.
 * Axes of length 0 make a call do nothing. NaN and infinities follow IEEE 754.
 *
 * <p>One caller at a time. Results do not depend on the number of threads.
 */
public final class Kernels implements AutoCloseable {

  private final KernelSelection selection;
  private final Supplier<Rooms> rooms;
  private final Supplier<KernelProgress> progress;
  private final Runnable end;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The rooms, all with vector kernels or all with scalar ones. */
  record Rooms(
      Elementwise elementwise,
      Products products,
      Convolutions convolutions,
      Layers layers,
      Updates updates) {}

  Kernels(
      KernelSelection selection,
      Supplier<Rooms> rooms,
      Supplier<KernelProgress> progress,
      Runnable end) {
    this.selection = selection;
    this.rooms = rooms;
    this.progress = progress;
    this.end = end;
  }

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
  public static Kernels open(KernelMode mode, int threads) {
    return KernelLadder.open(mode, threads);
  }

  /**
   * What was chosen.
   *
   * @return the selection
   */
  public KernelSelection selection() {
    return selection;
  }

  /**
   * How far vectors are compiled. With {@link KernelMode#AUTO}, operations run by their scalar
   * twins, which have the same bits, until C2 has compiled the vectors that they need: a thread,
   * one a JVM, brings that about on operands of its own, ends when there is nothing left to
   * compile, or soon after the last kernels are closed. In the other modes there is nothing to wait
   * for.
   *
   * @return operations so far, from any thread
   */
  public KernelProgress progress() {
    return progress.get();
  }

  /**
   * Copies, functions, sums of strided elements, softmax, random numbers.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  public Elementwise elementwise() {
    return open().elementwise;
  }

  /**
   * Matrix products and dense layers.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  public Products products() {
    return open().products;
  }

  /**
   * Convolutions and their gradients.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  public Convolutions convolutions() {
    return open().convolutions;
  }

  /**
   * Pooling, batch normalization, rows of tables, masks and recurrent cells.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  public Layers layers() {
    return open().layers;
  }

  /**
   * Optimizers' updates and their hypergradients.
   *
   * @return the room
   * @throws IllegalStateException if these kernels are closed
   */
  public Updates updates() {
    return open().updates;
  }

  private Rooms open() {
    if (closed.get()) {
      throw new IllegalStateException("these kernels are closed");
    }
    return rooms.get();
  }

  /**
   * Ends the worker threads; a call that is under way is done to its end. Closing twice is
   * harmless. A call that is large enough for several threads throws {@link IllegalStateException}
   * from then on, if it does not run by its twin.
   */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      end.run();
    }
  }
}
