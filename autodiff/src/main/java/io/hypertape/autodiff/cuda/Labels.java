package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Picking and placing by index. */
final class Labels {

  private final Launcher launcher;
  private final IndexErrors errors;
  private final Scratch scratch;

  Labels(Launcher launcher, IndexErrors errors, Scratch scratch) {
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
}
