package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;

/** Takes the operands of {@link FusedKernel} apart for the kernels. */
final class FusedUpdates {

  private final Kernels kernels;
  private final float[] gradients = new float[3];

  FusedUpdates(Kernels kernels) {
    this.kernels = kernels;
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    int n = in[0].size();
    switch (kernel) {
      case SGD ->
          kernels.sgd(n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), x(in[2]), a(out[0]), o(out[0]));
      case SGD_MOMENTUM ->
          kernels.sgdMomentum(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), x(in[4]),
              a(out[0]), o(out[0]), a(out[1]), o(out[1]));
      case ADAGRAD ->
          kernels.adagrad(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), x(in[4]),
              a(out[0]), o(out[0]), a(out[1]), o(out[1]));
      case RMSPROP ->
          kernels.rmsprop(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), x(in[4]),
              x(in[5]), a(out[0]), o(out[0]), a(out[1]), o(out[1]));
      case ADAM ->
          kernels.adam(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), a(in[3]), o(in[3]),
              x(in[4]), x(in[5]), x(in[6]), x(in[7]), x(in[8]), a(out[0]), o(out[0]), a(out[1]),
              o(out[1]), a(out[2]), o(out[2]));
      default -> {
        hypergradients(n, kernel, in);
        for (int k = 0; k < out.length; k++) {
          a(out[k])[o(out[k])] = gradients[k];
        }
      }
    }
  }

  private void hypergradients(int n, FusedKernel kernel, View[] in) {
    switch (kernel) {
      case SGD_HYPER -> kernels.sgdHyper(n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), gradients);
      case SGD_MOMENTUM_HYPER ->
          kernels.sgdMomentumHyper(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), x(in[4]),
              gradients);
      case ADAGRAD_HYPER ->
          kernels.adagradHyper(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[4]), gradients);
      case RMSPROP_HYPER ->
          kernels.rmspropHyper(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), x(in[4]),
              x(in[5]), gradients);
      case ADAM_HYPER ->
          kernels.adamHyper(
              n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), a(in[3]), o(in[3]),
              x(in[4]), x(in[5]), x(in[6]), x(in[7]), x(in[8]), gradients);
      default -> throw new IllegalArgumentException("not an update: " + kernel);
    }
  }

  private static float[] a(View view) {
    return CpuBackend.floats(view);
  }

  private static int o(View view) {
    return view.offset();
  }

  private static float x(View scalar) {
    return CpuBackend.floats(scalar)[scalar.offset()];
  }
}
