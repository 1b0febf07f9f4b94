package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ScalarConvolutions;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.gemm.ScalarProducts;
import io.hypertape.kernels.layers.ScalarLayers;
import io.hypertape.kernels.updates.ScalarUpdates;

/** The scalar twins of {@link VectorKernels}: plain loops on one thread. */
final class ScalarKernels {

  private ScalarKernels() {}

  static Kernels open(KernelSelection selection) {
    return new OpenKernels(selection, ScalarKernels::rooms, () -> {});
  }

  private static OpenKernels.Rooms rooms() {
    ScalarElementwise elementwise = new ScalarElementwise();
    return new OpenKernels.Rooms(
        elementwise,
        new ScalarProducts(elementwise),
        new ScalarConvolutions(),
        new ScalarLayers(),
        new ScalarUpdates());
  }
}
