package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.KernelArguments;

/**
 * Kernels of optimizers that find their step size. They take the operands as the enum lists them,
 * then the results that are vectors, then where partial sums go if there are sums.
 */
final class CudaFusedAdaptive {

  /** Sums that the last pass has a place for. */
  private static final int MOST_SUMS = 4;

  private final Launcher launcher;
  private final Copies copies;
  private final Scratch scratch;

  CudaFusedAdaptive(Launcher launcher, Copies copies, Scratch scratch) {
    this.launcher = launcher;
    this.copies = copies;
    this.scratch = scratch;
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    switch (kernel) {
      case PRODIGY_TERMS, DADAPT_ADAM_TERMS -> terms(kernel, in, out, 3);
      case DADAPT_SGD_TERMS, MECHANIC_TERMS -> terms(kernel, in, out, 1);
      case DISTANCE_TERMS, GRADIENT_TERMS -> terms(kernel, in, out, 0);
      default -> update(kernel, in, out);
    }
  }

  private KernelArguments operands(View[] in, View[] out, int vectors) {
    KernelArguments arguments = launcher.arguments();
    for (View operand : in) {
      arguments.pointer(CudaStorage.address(operand));
    }
    for (int k = 0; k < vectors; k++) {
      arguments.pointer(CudaStorage.address(out[k]));
    }
    return arguments;
  }

  private void update(FusedKernel kernel, View[] in, View[] out) {
    int n = in[0].size();
    if (n > 0) {
      operands(in, out, out.length).int32(n);
      launcher.launch(launcher.kernels().fused(kernel), launcher.blocksFor(n));
    }
  }

  /** Partial sums a block, then one block that adds them. */
  private void terms(FusedKernel kernel, View[] in, View[] out, int vectors) {
    int n = in[0].size();
    if (n == 0) {
      for (int k = vectors; k < out.length; k++) {
        copies.fill(0, out[k]);
      }
      return;
    }
    int pieces = Math.min(CudaFusedUpdates.MOST_PIECES, Launcher.blocks(n, CudaFusedUpdates.PIECE));
    int sums = out.length - vectors;
    long partials = scratch.reserve(Scratch.Slot.PARTIALS, 4L * pieces * sums);
    operands(in, out, vectors).pointer(partials).int32(n);
    launcher.launch(launcher.kernels().fused(kernel), pieces);
    KernelArguments second = launcher.arguments().pointer(partials).int32(pieces).int32(sums);
    for (int k = 0; k < MOST_SUMS; k++) {
      // What there is no sum for is not written.
      second.pointer(CudaStorage.address(out[vectors + Math.min(k, sums - 1)]));
    }
    launcher.launch(Named.TERMS_FINISH, 1);
  }
}
