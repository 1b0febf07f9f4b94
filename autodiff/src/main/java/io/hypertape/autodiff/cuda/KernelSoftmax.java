package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.KernelArguments;

/** Own kernels, which take any strides: a warp for a short row, a block for a long one. */
final class KernelSoftmax implements Softmax {

  private static final int SHORT_ROW = 1024;

  private final Launcher launcher;
  private final String why;

  KernelSoftmax(Launcher launcher, String why) {
    this.launcher = launcher;
    this.why = why;
  }

  @Override
  public void forward(View in, View out) {
    KernelArguments arguments = launcher.arguments();
    matrix(arguments, in);
    finish(arguments, out, Named.LOG_SOFTMAX_WARPS, Named.LOG_SOFTMAX_BLOCKS);
  }

  @Override
  public void gradient(View cotangent, View output, View out) {
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

  @Override
  public String description() {
    return why;
  }
}
