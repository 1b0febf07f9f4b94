package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionArguments;
import io.hypertape.kernels.convolution.ConvolutionShape;
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

  @Override
  public void convolution(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    requireOpen();
    ConvolutionArguments.forward(s, x, xOff, w, wOff, y, yOff);
    kernels.convolution(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    requireOpen();
    ConvolutionArguments.data(s, dy, dyOff, w, wOff, dx, dxOff);
    kernels.convolutionData(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    requireOpen();
    ConvolutionArguments.filter(s, x, xOff, dy, dyOff, dw, dwOff);
    kernels.convolutionFilter(s, x, xOff, dy, dyOff, dw, dwOff);
  }
}
