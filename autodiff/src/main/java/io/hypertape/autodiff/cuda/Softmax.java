package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;

/** Log-softmax along rows, by whoever does it. No operand is empty. */
sealed interface Softmax permits KernelSoftmax, CudnnSoftmax {

  void forward(View in, View out);

  void gradient(View cotangent, View output, View out);
}
