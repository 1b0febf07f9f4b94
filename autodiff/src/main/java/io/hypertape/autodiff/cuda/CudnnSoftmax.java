package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudnnHandle;

/** cuDNN's, on dense rows; others are copied first. Own kernels do what it does not support. */
final class CudnnSoftmax implements Softmax {

  private final CudnnHandle cudnn;
  private final Copies copies;
  private final KernelSoftmax kernels;
  private final Fallbacks fallbacks;
  private final StepProgram program;

  CudnnSoftmax(
      CudnnHandle cudnn,
      Copies copies,
      KernelSoftmax kernels,
      Fallbacks fallbacks,
      StepProgram program) {
    this.program = program;
    this.cudnn = cudnn;
    this.copies = copies;
    this.kernels = kernels;
    this.fallbacks = fallbacks;
  }

  @Override
  public void forward(View in, View out) {
    long x = copies.dense(in, Scratch.Slot.FIRST_OPERAND);
    program.flush();
    try {
      cudnn.logSoftmax(out.shape()[0], out.shape()[1], x, CudaStorage.address(out));
    } catch (CudaException e) {
      requireUnsupported(e);
      kernels.forward(in, out);
    }
  }

  @Override
  public void gradient(View cotangent, View output, View out) {
    long dy = copies.dense(cotangent, Scratch.Slot.FIRST_OPERAND);
    long y = copies.dense(output, Scratch.Slot.SECOND_OPERAND);
    program.flush();
    try {
      cudnn.logSoftmaxGradient(out.shape()[0], out.shape()[1], y, dy, CudaStorage.address(out));
    } catch (CudaException e) {
      requireUnsupported(e);
      kernels.gradient(cotangent, output, out);
    }
  }

  private void requireUnsupported(CudaException e) {
    if (!CudnnHandle.isUnsupported(e)) {
      throw e;
    }
    fallbacks.note("log-softmax by own kernels", e.getMessage());
  }
}
