package io.hypertape.kernels;

import io.hypertape.kernels.convolution.VectorConvolutions;
import io.hypertape.kernels.elementwise.VectorElementwise;
import io.hypertape.kernels.gemm.VectorProducts;
import io.hypertape.kernels.lanes.Workers;
import io.hypertape.kernels.layers.VectorLayers;
import io.hypertape.kernels.updates.VectorUpdates;

/** Kernels on the Vector API. Loaded only where its module is resolved. */
final class VectorKernels {

  private VectorKernels() {}

  static Kernels open(KernelSelection selection) {
    Workers workers = new Workers(selection.threads());
    return new OpenKernels(selection, () -> rooms(workers), workers::close);
  }

  private static OpenKernels.Rooms rooms(Workers workers) {
    VectorElementwise elementwise = new VectorElementwise(workers);
    return new OpenKernels.Rooms(
        elementwise,
        new VectorProducts(workers, elementwise),
        new VectorConvolutions(workers),
        new VectorLayers(workers),
        new VectorUpdates(workers));
  }
}
