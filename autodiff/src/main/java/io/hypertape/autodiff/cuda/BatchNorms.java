package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudnnBatchNorm;
import io.hypertape.bindings.cuda.CudnnHandle;
import java.util.Optional;
import java.util.function.Consumer;

/** Batch normalization by cuDNN where there is one and it takes the images, else by own kernels. */
final class BatchNorms {

  /** cuDNN gives up on some larger batches, and does not say which. */
  private static final int LARGEST_BATCH = 65535;

  private final Launcher launcher;
  private final Copies copies;
  private final Optional<CudnnBatchNorm> cudnn;
  private final Fallbacks fallbacks;

  BatchNorms(
      Launcher launcher, Copies copies, Optional<CudnnBatchNorm> cudnn, Fallbacks fallbacks) {
    this.launcher = launcher;
    this.copies = copies;
    this.cudnn = cudnn;
    this.fallbacks = fallbacks;
  }

  void forward(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    if (x.size() == 0) {
      // Of nothing there is no mean.
      fill(Double.NaN, mean);
      fill(Double.NaN, invStd);
      return;
    }
    int[] shape = x.shape();
    if (isForCudnn(x, y)
        && isDone(
            library ->
                library.forward(
                    shape[0],
                    shape[1],
                    shape[2],
                    shape[3],
                    eps,
                    CudaStorage.address(x),
                    CudaStorage.address(gamma),
                    CudaStorage.address(beta),
                    CudaStorage.address(y),
                    CudaStorage.address(mean),
                    CudaStorage.address(invStd)))) {
      return;
    }
    launcher
        .arguments()
        .pointer(CudaStorage.address(x))
        .pointer(CudaStorage.address(gamma))
        .pointer(CudaStorage.address(beta))
        .float32((float) eps)
        .pointer(CudaStorage.address(y))
        .pointer(CudaStorage.address(mean))
        .pointer(CudaStorage.address(invStd))
        .int32(shape[0])
        .int32(shape[1])
        .int32(shape[2] * shape[3]);
    launcher.launch(Named.BATCH_NORM, launcher.capped(shape[1]));
  }

  void gradient(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    if (x.size() == 0) {
      fill(0, dGamma);
      fill(0, dBeta);
      return;
    }
    int[] shape = x.shape();
    if (isForCudnn(x, dy)
        && isForCudnn(x, dx)
        && isDone(
            library ->
                library.backward(
                    shape[0],
                    shape[1],
                    shape[2],
                    shape[3],
                    CudaStorage.address(x),
                    CudaStorage.address(dy),
                    CudaStorage.address(dx),
                    CudaStorage.address(gamma),
                    CudaStorage.address(dGamma),
                    CudaStorage.address(dBeta),
                    CudaStorage.address(mean),
                    CudaStorage.address(invStd)))) {
      return;
    }
    launcher
        .arguments()
        .pointer(CudaStorage.address(dy))
        .pointer(CudaStorage.address(x))
        .pointer(CudaStorage.address(gamma))
        .pointer(CudaStorage.address(mean))
        .pointer(CudaStorage.address(invStd))
        .pointer(CudaStorage.address(dx))
        .pointer(CudaStorage.address(dGamma))
        .pointer(CudaStorage.address(dBeta))
        .int32(shape[0])
        .int32(shape[1])
        .int32(shape[2] * shape[3]);
    launcher.launch(Named.BATCH_NORM_GRAD, launcher.capped(shape[1]));
  }

  private void fill(double value, View out) {
    if (out.size() > 0) {
      copies.fill(value, out);
    }
  }

  /** False if cuDNN has nothing for these images; own kernels mean the same by mean and invStd. */
  private boolean isDone(Consumer<CudnnBatchNorm> work) {
    try {
      work.accept(cudnn.orElseThrow());
      return true;
    } catch (CudaException e) {
      if (!CudnnHandle.isUnsupported(e)) {
        throw e;
      }
      note(e.getMessage());
      return false;
    }
  }

  private void note(String why) {
    fallbacks.note("batch norm by own kernels", why);
  }

  /** cuDNN reads and writes several numbers at once. */
  private boolean isForCudnn(View x, View other) {
    if (cudnn.isEmpty()) {
      note("there is no cuDNN");
    } else if (x.shape()[0] > LARGEST_BATCH) {
      note("cuDNN does not take every batch above " + LARGEST_BATCH);
    } else if (Launcher.isAligned(CudaStorage.address(x) | CudaStorage.address(other))) {
      return true;
    } else {
      note("an operand begins at an address that cuDNN does not take");
    }
    return false;
  }
}
