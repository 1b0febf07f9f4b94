package io.hypertape.autodiff.cpu.blas;

import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.bindings.blas.BlasLibrary.ThreadControl;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.util.function.Supplier;

/** Kernels whose large matrix products are a BLAS's. */
public final class BlasKernels implements Kernels {

  private final Kernels kernels;
  private final KernelSelection selection;
  private final Supplier<Products> products;

  private BlasKernels(Kernels kernels, KernelSelection selection, Supplier<Products> products) {
    this.kernels = kernels;
    this.selection = selection;
    this.products = products;
  }

  /**
   * Kernels with a BLAS, which is told the number of threads.
   *
   * @param kernels all others, closed with these
   * @param library the BLAS
   * @param threads threads that a product may use, the caller's included
   * @return the kernels, for the thread that calls this
   */
  public static Kernels over(Kernels kernels, BlasLibrary library, int threads) {
    ThreadControl control = library.setThreads(threads);
    String reason =
        kernels.selection().reason()
            + ", large products by "
            + library.description()
            + " in its bits"
            + (control == ThreadControl.NONE ? " and with as many threads as it takes" : "");
    BlasProducts products = new BlasProducts(kernels, library, BlasProducts.PIECE * threads);
    return new BlasKernels(kernels, kernels.selection().because(reason), () -> products);
  }

  /**
   * Kernels without a BLAS, though one was asked for.
   *
   * @param kernels all of them, closed with these
   * @param problem why there is none
   * @return the same, which say so
   */
  static Kernels without(Kernels kernels, String problem) {
    String reason = kernels.selection().reason() + " (" + problem + ")";
    return new BlasKernels(kernels, kernels.selection().because(reason), kernels::products);
  }

  @Override
  public KernelSelection selection() {
    return selection;
  }

  @Override
  public Elementwise elementwise() {
    return kernels.elementwise();
  }

  @Override
  public Products products() {
    return products.get();
  }

  @Override
  public Convolutions convolutions() {
    return kernels.convolutions();
  }

  @Override
  public Layers layers() {
    return kernels.layers();
  }

  @Override
  public Updates updates() {
    return kernels.updates();
  }

  @Override
  public void close() {
    kernels.close();
  }
}
