package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.KernelArguments;

/** Optimizers' updates and hypergradients. The kernels take the operands as the enum lists them. */
final class CudaFusedUpdates {

  static final int PIECE = 1024;

  /** So many partial sums a block of the last pass adds in one go. */
  static final int MOST_PIECES = 256;

  private final Launcher launcher;
  private final Copies copies;
  private final Scratch scratch;
  private final CudaFusedAdaptive adaptive;

  CudaFusedUpdates(Launcher launcher, Copies copies, Scratch scratch) {
    this.launcher = launcher;
    this.copies = copies;
    this.scratch = scratch;
    this.adaptive = new CudaFusedAdaptive(launcher, copies, scratch);
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    switch (kernel) {
      case SGD, SGD_MOMENTUM, ADAGRAD, RMSPROP, ADAM -> update(kernel, in, out);
      case SGD_HYPER -> hyper(kernel, 0, 0, 0, in, out);
      case SGD_MOMENTUM_HYPER -> hyper(kernel, 1, -1, 0, in, out);
      case ADAGRAD_HYPER -> hyper(kernel, 1, 0, 0, in, out);
      case RMSPROP_HYPER -> hyper(kernel, 1, -0.5f, 0, in, out);
      case ADAM_HYPER -> hyper(kernel, 2, 1, -0.5f, in, out);
      case TRACE -> trace(in, out);
      case TRACE_RATE, TRACE_COSINE -> scalars(kernel, in, out);
      case SELECT -> select(in, out);
      case PRODIGY_TERMS,
          DADAPT_ADAM_TERMS,
          DADAPT_SGD_TERMS,
          DISTANCE_TERMS,
          MECHANIC_TERMS,
          MEANS_STEP,
          SCHEDULE_FREE_SGD,
          SCHEDULE_FREE_ADAM,
          GRADIENT_TERMS,
          SCALED_STEP,
          SCALED_MOMENTUM ->
          adaptive.run(kernel, in, out);
    }
  }

  private void update(FusedKernel kernel, View[] in, View[] out) {
    int n = in[0].size();
    if (n == 0) {
      return;
    }
    KernelArguments arguments = launcher.arguments();
    long addresses = 0;
    for (int i = 0; i < in.length; i++) {
      long address = CudaStorage.address(in[i]);
      arguments.pointer(address);
      // p, g and the state are as many as the results and one; then come the hyperparameters.
      addresses |= i <= out.length ? address : 0;
    }
    for (View result : out) {
      long address = CudaStorage.address(result);
      arguments.pointer(address);
      addresses |= address;
    }
    int quads = Launcher.isAligned(addresses) ? n / 4 : 0;
    arguments.int32(n).int32(quads);
    launcher.launch(launcher.kernels().fused(kernel), launcher.blocksFor(quads > 0 ? quads : n));
  }

  /**
   * Partial sums a block, then one block that adds and scales them: the first by −1, the others by
   * α and a factor.
   */
  private void hyper(
      FusedKernel kernel, int states, float factor1, float factor2, View[] in, View[] out) {
    int n = in[0].size();
    if (n == 0) {
      for (View result : out) {
        copies.fill(0, result);
      }
      return;
    }
    int pieces = Math.min(MOST_PIECES, Launcher.blocks(n, PIECE));
    long partials = scratch.reserve(Scratch.Slot.PARTIALS, 4L * pieces * out.length);
    KernelArguments arguments = launcher.arguments();
    for (View operand : in) {
      arguments.pointer(CudaStorage.address(operand));
    }
    arguments.pointer(partials).int32(n);
    launcher.launch(launcher.kernels().fused(kernel), pieces);
    long first = CudaStorage.address(out[0]);
    launcher
        .arguments()
        .pointer(partials)
        .int32(pieces)
        .int32(out.length)
        .pointer(CudaStorage.address(in[2 + states]))
        .float32(-1)
        .float32(factor1)
        .float32(factor2)
        .pointer(first)
        .pointer(out.length > 1 ? CudaStorage.address(out[1]) : first)
        .pointer(out.length > 2 ? CudaStorage.address(out[2]) : first);
    launcher.launch(Named.HYPER_FINISH, 1);
  }

  /** Partial sums a block, then one block that adds them to the sums so far. */
  private void trace(View[] in, View[] out) {
    int n = in[0].size();
    int pieces = n == 0 ? 0 : Math.min(MOST_PIECES, Launcher.blocks(n, PIECE));
    long partials = scratch.reserve(Scratch.Slot.PARTIALS, 4L * Math.max(1, pieces) * 3);
    if (pieces > 0) {
      KernelArguments first = launcher.arguments();
      for (int i = 0; i < 4; i++) {
        first.pointer(CudaStorage.address(in[i]));
      }
      first.pointer(CudaStorage.address(out[0])).pointer(partials).int32(n);
      launcher.launch(launcher.kernels().fused(FusedKernel.TRACE), pieces);
    }
    KernelArguments second = launcher.arguments().pointer(partials).int32(pieces);
    for (int k = 0; k < 3; k++) {
      second.pointer(CudaStorage.address(in[4 + k])).pointer(CudaStorage.address(out[1 + k]));
    }
    launcher.launch(Named.TRACE_FINISH, 1);
  }

  /** One thread reads and writes scalars. */
  private void scalars(FusedKernel kernel, View[] in, View[] out) {
    KernelArguments arguments = launcher.arguments();
    for (View operand : in) {
      arguments.pointer(CudaStorage.address(operand));
    }
    for (View result : out) {
      arguments.pointer(CudaStorage.address(result));
    }
    launcher.launch(launcher.kernels().fused(kernel), 1);
  }

  private void select(View[] in, View[] out) {
    int n = out[0].size();
    if (n > 0) {
      KernelArguments arguments = launcher.arguments();
      for (View operand : in) {
        arguments.pointer(CudaStorage.address(operand));
      }
      arguments.pointer(CudaStorage.address(out[0])).int32(n);
      launcher.launch(launcher.kernels().fused(FusedKernel.SELECT), launcher.blocksFor(n));
    }
  }
}
