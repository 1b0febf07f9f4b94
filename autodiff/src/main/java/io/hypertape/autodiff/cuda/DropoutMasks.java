package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Masks for dropout, and the counter on the device that tells one from the next. */
final class DropoutMasks {

  /** Uniform numbers are multiples of 2⁻²⁴, so comparing them is comparing integers. */
  private static final double STEPS = 1 << 24;

  private final Launcher launcher;

  DropoutMasks(Launcher launcher) {
    this.launcher = launcher;
  }

  void draw(double keep, long seed, View counter, View out) {
    int n = out.size();
    if (n > 0) {
      launcher
          .arguments()
          .int64(seed)
          .pointer(CudaStorage.address(counter))
          .int32((int) Math.ceil(keep * STEPS))
          .float32((float) (1 / keep))
          .pointer(CudaStorage.address(out))
          .int32(n);
      launcher.launch(Named.DROPOUT_MASK, launcher.blocksFor(Launcher.blocks(n, 4)));
    }
    launcher.arguments().pointer(CudaStorage.address(counter));
    launcher.launch(Named.INCREASE_COUNTER, 1);
  }
}
