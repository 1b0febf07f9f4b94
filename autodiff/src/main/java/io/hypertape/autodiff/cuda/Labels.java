package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Picking and placing by index. */
final class Labels {

  private final Launcher launcher;
  private final IndexErrors errors;
  private final Scratch scratch;
  private final StepProgram program;
  private final ItemTensors operands = new ItemTensors();

  Labels(Launcher launcher, IndexErrors errors, Scratch scratch, StepProgram program) {
    this.program = program;
    this.launcher = launcher;
    this.errors = errors;
    this.scratch = scratch;
  }

  void pick(View in, View index, View out) {
    int rows = index.shape()[0];
    if (rows == 0) {
      return;
    }
    long indices = CudaStorage.address(index);
    if (in.size() > 0
        && in.isContiguous()
        && program.lastResult(ProgramKind.NLL, 0, rows, in.shape()[1]) == CudaStorage.address(in)
        && program.lastResult(ProgramKind.NLL, 1, rows, in.shape()[1]) == 0
        && index.isContiguous()
        && out.isContiguous()) {
      operands
          .clear()
          .in(1, indices, 4L * rows)
          .out(1, CudaStorage.address(out), 4L * rows)
          .out(2, errors.cell(), 4);
      if (program.join(ProgramKind.NLL, operands)) {
        return;
      }
    }
    launcher
        .arguments()
        .pointer(in.size() == 0 ? scratch.ofNothing() : CudaStorage.address(in))
        .int32(in.strides()[0])
        .int32(in.strides()[1])
        .pointer(indices)
        .pointer(CudaStorage.address(out))
        .int32(rows)
        .int32(in.shape()[1])
        .pointer(errors.cell());
    launcher.launch(Named.PICK, launcher.blocksFor(rows));
  }

  void scatter(View in, View index, View out) {
    int rows = index.shape()[0];
    if (rows == 0) {
      return;
    }
    long indices = CudaStorage.address(index);
    int n = out.size();
    if (n > 0 && out.shape()[1] <= KernelSoftmax.SHORT_ROW && index.isContiguous()) {
      place(in, index, out);
      return;
    }
    launcher
        .arguments()
        .pointer(CudaStorage.address(in))
        .int32(in.strides()[0])
        .pointer(indices)
        .pointer(n == 0 ? scratch.ofNothing() : CudaStorage.address(out))
        .int32(rows)
        .int32(out.shape()[1])
        .int32(n)
        .pointer(errors.cell());
    launcher.launch(Named.SCATTER, launcher.blocksFor(n));
  }

  /** What may go on with the derivative of log-softmax. */
  private void place(View in, View index, View out) {
    int rows = out.shape()[0];
    int columns = out.shape()[1];
    int step = in.strides()[0];
    operands
        .clear()
        .in(1, CudaStorage.address(index), 4L * rows)
        .out(0, CudaStorage.address(out), 4L * rows * columns)
        .out(2, errors.cell(), 4);
    long[] value = {};
    if (step == 0) {
      value = new long[] {CudaStorage.address(in)};
    } else {
      operands.in(0, CudaStorage.address(in), 4L * ((rows - 1L) * step + 1));
    }
    int blocks = Launcher.blocks(rows, Launcher.WARPS);
    program.item(ProgramKind.NLL_GRAD, operands, value, columns, step, rows, blocks, 0);
    program.done();
  }
}
