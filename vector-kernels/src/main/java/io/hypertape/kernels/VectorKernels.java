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

  /**
   * Opens them.
   *
   * @param threads that share large calls
   * @param gated whether scalar twins stand in until vectors are compiled
   */
  static Kernels open(int threads, boolean gated) {
    Workers workers = new Workers(threads);
    int bits = VectorRows.BITS;
    KernelSelection selection =
        new KernelSelection(true, bits, threads, "vector kernels, " + bits + " bits");
    if (!gated) {
      Kernels.Rooms rooms = rooms(workers);
      return new Kernels(selection, () -> rooms, () -> KernelProgress.NONE, workers::close);
    }
    Gates.JVM.enter();
    GatedRooms gatedRooms = new GatedRooms(() -> rooms(workers), () -> rooms(new Workers(1)));
    Runnable end =
        () -> {
          Gates.JVM.leave();
          workers.close();
        };
    return new Kernels(selection, gatedRooms::rooms, Gates.JVM::progress, end);
  }

  private static Kernels.Rooms rooms(Workers workers) {
    VectorElementwise elementwise = new VectorElementwise(workers);
    return new Kernels.Rooms(
        elementwise,
        new VectorProducts(workers, elementwise),
        new VectorConvolutions(workers),
        new VectorLayers(workers),
        new VectorUpdates(workers));
  }
}
