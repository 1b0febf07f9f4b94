package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.convolution.ScalarConvolutions;
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
  private final Convolutions convolutions = new ScalarConvolutions();
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
  public Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public Layers layers() {
    return layers;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
