package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;

/** Checks arguments before it passes a call on: nothing is written by a call that is refused. */
final class CheckedKernels implements Kernels {

  private final Kernels kernels;
  private boolean closed;

  CheckedKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("these kernels are closed");
    }
  }

  @Override
  public Elementwise elementwise() {
    requireOpen();
    return kernels.elementwise();
  }

  @Override
  public Convolutions convolutions() {
    requireOpen();
    return kernels.convolutions();
  }

  @Override
  public Layers layers() {
    requireOpen();
    return kernels.layers();
  }

  @Override
  public Products products() {
    requireOpen();
    return kernels.products();
  }

  @Override
  public KernelSelection selection() {
    return kernels.selection();
  }

  @Override
  public Updates updates() {
    requireOpen();
    return kernels.updates();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernels.close();
    }
  }
}
