package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;

/** Takes the operands of {@link FusedKernel} apart for the kernels. */
final class FusedUpdates {

  // See FusedKernel: 1 − β for the β next to 1 in double precision, and next to 0 in single.
  private static final float LEAST_REST = 0x1p-53f;
  private static final float MOST_REST = 1 - 0x1p-24f;

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
              n,
              a(in[0]),
              o(in[0]),
              a(in[1]),
              o(in[1]),
              a(in[2]),
              o(in[2]),
              x(in[3]),
              decay(in[4]),
              x(in[5]),
              a(out[0]),
              o(out[0]),
              a(out[1]),
              o(out[1]));
      case ADAM ->
          kernels.adam(
              n,
              a(in[0]),
              o(in[0]),
              a(in[1]),
              o(in[1]),
              a(in[2]),
              o(in[2]),
              a(in[3]),
              o(in[3]),
              x(in[4]),
              decay(in[5]),
              decay(in[6]),
              x(in[7]),
              x(in[8]),
              a(out[0]),
              o(out[0]),
              a(out[1]),
              o(out[1]),
              a(out[2]),
              o(out[2]));
      case TRACE -> {
        kernels.trace(
            n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), a(in[2]), o(in[2]), x(in[3]), a(out[0]),
            o(out[0]), gradients);
        for (int k = 0; k < 3; k++) {
          a(out[1 + k])[o(out[1 + k])] = x(in[4 + k]) + gradients[k];
        }
      }
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
      case RMSPROP_HYPER -> {
        kernels.rmspropHyper(
            n,
            a(in[0]),
            o(in[0]),
            a(in[1]),
            o(in[1]),
            a(in[2]),
            o(in[2]),
            x(in[3]),
            decay(in[4]),
            x(in[5]),
            gradients);
        // By 1 − γ, not γ.
        gradients[1] = -gradients[1];
      }
      case ADAM_HYPER -> {
        kernels.adamHyper(
            n,
            a(in[0]),
            o(in[0]),
            a(in[1]),
            o(in[1]),
            a(in[2]),
            o(in[2]),
            a(in[3]),
            o(in[3]),
            x(in[4]),
            decay(in[5]),
            decay(in[6]),
            x(in[7]),
            x(in[8]),
            gradients);
        gradients[1] = -gradients[1];
        gradients[2] = -gradients[2];
      }
      default -> throw new IllegalArgumentException("not an update: " + kernel);
    }
  }

  private static float[] a(View view) {
    return CpuBackend.floats(view);
  }

  private static int o(View view) {
    return view.offset();
  }

  /** β of an operand that is 1 − β, in the open interval. */
  private static double decay(View complement) {
    float rest = x(complement);
    return 1 - (double) Math.min(Math.max(rest, LEAST_REST), MOST_REST);
  }

  private static float x(View scalar) {
    return CpuBackend.floats(scalar)[scalar.offset()];
  }
}
