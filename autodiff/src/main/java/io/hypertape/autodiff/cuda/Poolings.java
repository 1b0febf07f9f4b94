package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.Arena;

/** Pooling by own kernels: each thread makes one result, so that nothing depends on their order. */
final class Poolings {

  private final Launcher launcher;
  private final Windows windows;

  Poolings(Launcher launcher, Arena arena) {
    this.launcher = launcher;
    this.windows = new Windows(arena);
  }

  void max(Pooling form, View x, View y, View index) {
    int n = y.size();
    if (n > 0) {
      launcher
          .arguments()
          .pointer(CudaStorage.address(x))
          .pointer(CudaStorage.address(y))
          .pointer(CudaStorage.address(index))
          .bytes(windows.of(form, x.shape()[2], x.shape()[3]))
          .int32(n);
      launcher.launch(Named.MAX_POOL, launcher.blocksFor(n));
    }
  }

  void maxScatter(Pooling form, View in, View index, View out) {
    indexed(Named.MAX_POOL_SCATTER, form, in, index, out, out);
  }

  void maxGather(Pooling form, View in, View index, View out) {
    indexed(Named.MAX_POOL_GATHER, form, in, index, out, in);
  }

  private void indexed(Named kernel, Pooling form, View in, View index, View out, View images) {
    int n = out.size();
    if (n > 0) {
      launcher
          .arguments()
          .pointer(CudaStorage.address(in))
          .pointer(CudaStorage.address(index))
          .pointer(CudaStorage.address(out))
          .bytes(windows.of(form, images.shape()[2], images.shape()[3]))
          .int32(n);
      launcher.launch(kernel, launcher.blocksFor(n));
    }
  }

  void average(Pooling form, View in, View out) {
    average(Named.AVERAGE_POOL, form, in, out, in);
  }

  void averageAdjoint(Pooling form, View in, View out) {
    average(Named.AVERAGE_POOL_ADJOINT, form, in, out, out);
  }

  private void average(Named kernel, Pooling form, View in, View out, View images) {
    int n = out.size();
    if (n > 0) {
      launcher
          .arguments()
          .pointer(CudaStorage.address(in))
          .pointer(CudaStorage.address(out))
          .bytes(windows.of(form, images.shape()[2], images.shape()[3]))
          .int32(n);
      launcher.launch(kernel, launcher.blocksFor(n));
    }
  }
}
