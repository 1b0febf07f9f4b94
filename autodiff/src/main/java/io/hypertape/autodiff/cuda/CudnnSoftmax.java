package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudnnHandle;

/** cuDNN's, on dense rows; others are copied first. */
final class CudnnSoftmax implements Softmax {

  private final CudnnHandle cudnn;
  private final Copies copies;

  CudnnSoftmax(CudnnHandle cudnn, Copies copies) {
    this.cudnn = cudnn;
    this.copies = copies;
  }

  @Override
  public void forward(View in, View out) {
    long x = copies.dense(in, Scratch.Slot.FIRST_OPERAND);
    cudnn.logSoftmax(out.shape()[0], out.shape()[1], x, CudaStorage.address(out));
  }

  @Override
  public void gradient(View cotangent, View output, View out) {
    long dy = copies.dense(cotangent, Scratch.Slot.FIRST_OPERAND);
    long y = copies.dense(output, Scratch.Slot.SECOND_OPERAND);
    cudnn.logSoftmaxGradient(out.shape()[0], out.shape()[1], y, dy, CudaStorage.address(out));
  }

  @Override
  public String description() {
    int version = cudnn.version();
    // Such as 91002 for 9.10.2.
    return "cuDNN " + version / 10000 + "." + version / 100 % 100 + "." + version % 100;
  }
}
