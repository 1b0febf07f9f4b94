package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.KernelArguments;

/** Own kernels, which take any strides: a warp for a short row, a block for a long one. */
final class KernelSoftmax implements Softmax {

  /** Columns up to which a warp does a row. */
  static final int SHORT_ROW = 1024;

  private static final long[] NOTHING = {};

  private final Launcher launcher;
  private final StepProgram program;
  private final ItemTensors operands = new ItemTensors();

  KernelSoftmax(Launcher launcher, StepProgram program) {
    this.program = program;
    this.launcher = launcher;
  }

  @Override
  public void forward(View in, View out) {
    int rows = out.shape()[0];
    int columns = out.shape()[1];
    if (columns <= SHORT_ROW && (in.strides()[1] == 1 || columns == 1) && in.strides()[0] >= 0) {
      int step = in.strides()[0];
      operands
          .clear()
          .in(0, CudaStorage.address(in), 4L * ((rows - 1L) * step + columns))
          .out(0, CudaStorage.address(out), 4L * rows * columns);
      int blocks = Launcher.blocks(rows, Launcher.WARPS);
      program.item(ProgramKind.NLL, operands, NOTHING, columns, step, rows, blocks, 0);
      program.done();
      return;
    }
    KernelArguments arguments = launcher.arguments();
    matrix(arguments, in);
    finish(arguments, out, Named.LOG_SOFTMAX_WARPS, Named.LOG_SOFTMAX_BLOCKS);
  }

  @Override
  public void gradient(View cotangent, View output, View out) {
    int rows = out.shape()[0];
    int columns = out.shape()[1];
    if (columns <= SHORT_ROW && cotangent.isContiguous() && output.isContiguous()) {
      long bytes = 4L * rows * columns;
      operands
          .clear()
          .in(3, CudaStorage.address(output), bytes)
          .out(1, CudaStorage.address(out), bytes);
      boolean isPlaced =
          program.lastResult(ProgramKind.NLL_GRAD, 0, rows, columns)
                  == CudaStorage.address(cotangent)
              && program.lastResult(ProgramKind.NLL_GRAD, 1, rows, columns) == 0;
      if (isPlaced && program.join(ProgramKind.NLL_GRAD, operands)) {
        return;
      }
      operands.in(2, CudaStorage.address(cotangent), bytes);
      int blocks = Launcher.blocks(rows, Launcher.WARPS);
      program.item(ProgramKind.NLL_GRAD, operands, NOTHING, columns, 0, rows, blocks, 0);
      program.done();
      return;
    }
    KernelArguments arguments = launcher.arguments();
    matrix(arguments, cotangent);
    matrix(arguments, output);
    finish(arguments, out, Named.LOG_SOFTMAX_GRAD_WARPS, Named.LOG_SOFTMAX_GRAD_BLOCKS);
  }

  private static void matrix(KernelArguments arguments, View view) {
    arguments.pointer(CudaStorage.address(view)).int32(view.strides()[0]).int32(view.strides()[1]);
  }

  private void finish(KernelArguments arguments, View out, Named warps, Named blocks) {
    int rows = out.shape()[0];
    int columns = out.shape()[1];
    arguments.pointer(CudaStorage.address(out)).int32(rows).int32(columns);
    if (columns <= SHORT_ROW) {
      launcher.launch(warps, Launcher.blocks(rows, Launcher.WARPS));
    } else {
      launcher.launch(blocks, launcher.capped(rows));
    }
  }
}
