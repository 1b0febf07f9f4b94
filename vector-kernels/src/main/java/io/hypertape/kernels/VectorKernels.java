package io.hypertape.kernels;

import io.hypertape.kernels.convolution.VectorConvolutions;
import io.hypertape.kernels.elementwise.VectorElementwise;
import io.hypertape.kernels.gemm.VectorProducts;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import io.hypertape.kernels.layers.VectorLayers;
import io.hypertape.kernels.updates.VectorUpdates;

/** Kernels on the Vector API. Loaded only where its module is resolved. */
final class VectorKernels {

  private VectorKernels() {}

  static Kernels open(int threads) {
    Workers workers = new Workers(threads);
    VectorElementwise elementwise = new VectorElementwise(workers);
    Kernels.Rooms rooms =
        new Kernels.Rooms(
            elementwise,
            new VectorProducts(workers, elementwise),
            new VectorConvolutions(workers),
            new VectorLayers(workers),
            new VectorUpdates(workers));
    int bits = VectorRows.BITS;
    String reason = "vector kernels, " + bits + " bits";
    return new Kernels(new KernelSelection(true, bits, threads, reason), rooms, workers::close);
  }
}
