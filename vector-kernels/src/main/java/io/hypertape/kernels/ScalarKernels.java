package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.ScalarConvolution;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.gemm.ScalarProducts;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.ScalarLayers;
import io.hypertape.kernels.updates.ScalarUpdates;
import io.hypertape.kernels.updates.Updates;

/** The scalar twin of {@link VectorKernels}: plain loops on one thread. */
final class ScalarKernels implements Kernels {

  private final Elementwise elementwise = new ScalarElementwise();
  private final Layers layers = new ScalarLayers();
  private final Updates updates = new ScalarUpdates();
  private final Products products = new ScalarProducts(elementwise);
  private final KernelSelection selection;

  ScalarKernels(String reason) {
    this.selection = new KernelSelection(false, Float.SIZE, 1, reason);
  }

  @Override
  public Products products() {
    return products;
  }

  @Override
  public KernelSelection selection() {
    return selection;
  }

  @Override
  public Updates updates() {
    return updates;
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public Layers layers() {
    return layers;
  }

  @Override
  public void convolution(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    ScalarConvolution.forward(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    ScalarConvolution.data(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    ScalarConvolution.filter(s, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
