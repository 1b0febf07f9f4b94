package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.convolution.VectorConvolutions;
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
  private final Convolutions convolutions;
  private final VectorLayers layers;
  private final Updates updates;
  private final KernelSelection selection;

  VectorKernels(int threads) {
    this.workers = new Workers(threads);
    this.elementwise = new VectorElementwise(workers);
    this.products = new VectorProducts(workers, elementwise);
    this.convolutions = new VectorConvolutions(workers);
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
  public Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public Layers layers() {
    return layers;
  }

  @Override
  public void close() {
    workers.close();
  }
}
