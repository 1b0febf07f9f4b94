package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Philox on the device. */
final class RandomNumbers {

  private final Launcher launcher;

  RandomNumbers(Launcher launcher) {
    this.launcher = launcher;
  }

  void fill(Distribution distribution, long seed, long stream, View out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    launcher.arguments().int64(seed).int64(stream).pointer(CudaStorage.address(out)).int32(n);
    // A thread's four random words are four uniform numbers or two normal ones.
    switch (distribution) {
      case UNIFORM ->
          launcher.launch(Named.RANDOM_UNIFORM, launcher.blocksFor(Launcher.blocks(n, 4)));
      case NORMAL ->
          launcher.launch(Named.RANDOM_NORMAL, launcher.blocksFor(Launcher.blocks(n, 2)));
    }
  }
}
