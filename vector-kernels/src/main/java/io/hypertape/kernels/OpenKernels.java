package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.util.function.Supplier;

/** Kernels that are all on vectors or all scalar. */
final class OpenKernels implements Kernels {

  private final KernelSelection selection;
  private final Supplier<Rooms> make;
  private final Runnable end;
  private volatile boolean closed;

  // Made when they are needed: their classes take a while to load.
  private Rooms rooms;

  /** The rooms, all with vector kernels or all with scalar ones. */
  record Rooms(
      Elementwise elementwise,
      Products products,
      Convolutions convolutions,
      Layers layers,
      Updates updates) {}

  OpenKernels(KernelSelection selection, Supplier<Rooms> make, Runnable end) {
    this.selection = selection;
    this.make = make;
    this.end = end;
  }

  private Rooms open() {
    if (closed) {
      throw new IllegalStateException("these kernels are closed");
    }
    if (rooms == null) {
      rooms = make.get();
    }
    return rooms;
  }

  @Override
  public KernelSelection selection() {
    return selection;
  }

  @Override
  public Elementwise elementwise() {
    return open().elementwise;
  }

  @Override
  public Products products() {
    return open().products;
  }

  @Override
  public Convolutions convolutions() {
    return open().convolutions;
  }

  @Override
  public Layers layers() {
    return open().layers;
  }

  @Override
  public Updates updates() {
    return open().updates;
  }

  @Override
  public void close() {
    closed = true;
    end.run();
  }
}
