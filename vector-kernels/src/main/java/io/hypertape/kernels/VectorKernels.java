package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.VectorConvolution;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.elementwise.VectorElementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.gemm.VectorProducts;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.VectorLayers;
import io.hypertape.kernels.updates.Updates;
import io.hypertape.kernels.updates.VectorUpdates;

/** Kernels on the Vector API. Loaded only where its module is resolved. */
final class VectorKernels implements Kernels {

  private final Workers workers;
  private final Elementwise elementwise;
  private final Products products;
  private final VectorConvolution convolution;
  private final VectorLayers layers;
  private final Updates updates;
  private final KernelSelection selection;

  VectorKernels(int threads) {
    this.workers = new Workers(threads);
    this.elementwise = new VectorElementwise(workers);
    this.products = new VectorProducts(workers, elementwise);
    this.convolution = new VectorConvolution(workers);
    this.layers = new VectorLayers(workers);
    this.updates = new VectorUpdates(workers);
    this.selection =
        new KernelSelection(
            true, VectorRows.BITS, threads, "vector kernels, " + VectorRows.BITS + " bits");
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
    convolution.forward(s, x, xOff, w, wOff, y, yOff);
  }

  @Override
  public void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    convolution.data(s, dy, dyOff, w, wOff, dx, dxOff);
  }

  @Override
  public void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    convolution.filter(s, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void close() {
    workers.close();
  }
}
