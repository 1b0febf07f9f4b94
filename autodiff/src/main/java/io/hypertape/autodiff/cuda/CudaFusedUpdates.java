package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.KernelArguments;

/** Optimizers' updates and hypergradients. The kernels take the operands as the enum lists them. */
final class CudaFusedUpdates {

  static final int PIECE = 1024;

  /** Elements of a tensor that are worth a block of its update. */
  private static final int SHARE = 2048;

  /** So many partial sums a block of the last pass adds in one go. */
  static final int MOST_PIECES = 256;

  private final Launcher launcher;
  private final Copies copies;
  private final Scratch scratch;
  private final CudaFusedAdaptive adaptive;
  private final StepProgram program;
  private final ItemTensors operands = new ItemTensors();

  CudaFusedUpdates(Launcher launcher, Copies copies, Scratch scratch, StepProgram program) {
    this.program = program;
    this.launcher = launcher;
    this.copies = copies;
    this.scratch = scratch;
    this.adaptive = new CudaFusedAdaptive(launcher, copies, scratch);
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    switch (kernel) {
      case SGD, SGD_MOMENTUM, ADAGRAD, RMSPROP, ADAM -> update(kernel, in, out);
      // As program.cu numbers the factors: -1, α, -α, -α/2.
      case SGD_HYPER -> hyper(kernel, 0, new int[] {0}, in, out);
      case SGD_MOMENTUM_HYPER -> hyper(kernel, 1, new int[] {0, 2}, in, out);
      case ADAGRAD_HYPER -> hyper(kernel, 1, new int[] {0}, in, out);
      case RMSPROP_HYPER -> hyper(kernel, 1, new int[] {0, 3}, in, out);
      case ADAM_HYPER -> hyper(kernel, 2, new int[] {0, 1, 3}, in, out);
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

  private static long[] addresses(View[] views, int from, int to) {
    long[] addresses = new long[to - from];
    for (int i = from; i < to; i++) {
      addresses[i - from] = CudaStorage.address(views[i]);
    }
    return addresses;
  }

  private void update(FusedKernel kernel, View[] in, View[] out) {
    int n = in[0].size();
    ProgramKind kind = ProgramKind.valueOf(kernel.name());
    if (n == 1) {
      program.scalar(kind.code(), addresses(in, 0, in.length), addresses(out, 0, out.length));
      return;
    }
    if (n == 0) {
      return;
    }
    // p, g and the state are as many as the results and one; then come the hyperparameters.
    int tensors = 1 + out.length;
    long[] hyperparameters = hyperparameters(kind == ProgramKind.ADAM, in, tensors);
    long all = 0;
    operands.clear();
    for (int i = 0; i < tensors; i++) {
      operands.in(i, CudaStorage.address(in[i]), 4L * n);
      all |= CudaStorage.address(in[i]);
    }
    for (int i = 0; i < out.length; i++) {
      operands.out(i, CudaStorage.address(out[i]), 4L * n);
      all |= CudaStorage.address(out[i]);
    }
    int quads = Launcher.isAligned(all) ? n / 4 : 0;
    int blocks = launcher.capped(Launcher.blocks(n, quads > 0 ? SHARE : Launcher.BLOCK));
    program.item(kind, operands, hyperparameters, n, quads, 0, blocks, 0);
    program.done();
  }

  /** Addresses, those of Adam's factors in place of the step's. */
  private long[] hyperparameters(boolean isAdam, View[] in, int from) {
    if (!isAdam) {
      return addresses(in, from, in.length);
    }
    long[] given = addresses(in, from, in.length);
    long[] factors = program.adamFactors(given[1], given[2], given[4]);
    return new long[] {
      given[0], given[1], given[2], given[3], factors[0], factors[1], factors[2], factors[3]
    };
  }

  /**
   * Partial sums a block, which the last block adds and scales: the first by −1, the others by α
   * and a factor.
   */
  private void hyper(FusedKernel kernel, int states, int[] factors, View[] in, View[] out) {
    int n = in[0].size();
    ProgramKind kind = ProgramKind.valueOf(kernel.name());
    if (n == 1) {
      program.scalar(kind.code(), addresses(in, 0, in.length), addresses(out, 0, out.length));
      return;
    }
    if (n == 0) {
      for (View result : out) {
        copies.fill(0, result);
      }
      return;
    }
    int tensors = 2 + states;
    long[] hyperparameters = hyperparameters(kind == ProgramKind.ADAM_HYPER, in, tensors);
    operands.clear();
    for (int i = 0; i < tensors; i++) {
      operands.in(i, CudaStorage.address(in[i]), 4L * n);
    }
    int pieces = Math.min(MOST_PIECES, Launcher.blocks(n, PIECE));
    int item = program.item(kind, operands, hyperparameters, n, 0, 0, pieces, out.length);
    for (int k = 0; k < out.length; k++) {
      program.finishSum(item, k, factors[k], hyperparameters[0], CudaStorage.address(out[k]));
    }
    program.done();
  }

  /** Partial sums a block, which the last block adds to the sums so far. */
  private void trace(View[] in, View[] out) {
    int n = in[0].size();
    long[] soFar = addresses(in, 4, 7);
    long[] sums = addresses(out, 1, 4);
    if (n == 0) {
      for (int k = 0; k < soFar.length; k++) {
        program.scalar(StepProgram.COPY, new long[] {soFar[k]}, sums[k]);
      }
      return;
    }
    operands.clear().out(0, CudaStorage.address(out[0]), 4L * n);
    for (int i = 0; i < 3; i++) {
      operands.in(i, CudaStorage.address(in[i]), 4L * n);
    }
    int pieces = Math.min(MOST_PIECES, Launcher.blocks(n, PIECE));
    long[] rate = addresses(in, 3, 4);
    int item = program.item(ProgramKind.TRACE, operands, rate, n, 0, 0, pieces, 3);
    for (int k = 0; k < soFar.length; k++) {
      program.addSum(item, k, soFar[k], sums[k]);
    }
    program.done();
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
