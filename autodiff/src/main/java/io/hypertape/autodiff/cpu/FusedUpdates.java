package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;

/** Takes the operands of {@link FusedKernel} apart for the kernels. */
final class FusedUpdates {

  // See FusedKernel: 1 − β for the β next to 1 in double precision, and next to 0 in single.
  private static final float LEAST_REST = 0x1p-53f;
  private static final float MOST_REST = 1 - 0x1p-24f;

  // See FusedKernel.TRACE_RATE and TRACE_COSINE.
  private static final float LEAST_PAUSE = 10;
  private static final float TINY = 1e-30f;

  private final Kernels kernels;
  private final float[] gradients = new float[3];
  private final FusedAdaptive adaptive;

  FusedUpdates(Kernels kernels) {
    this.kernels = kernels;
    this.adaptive = new FusedAdaptive(kernels);
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    int n = in[0].size();
    switch (kernel) {
      case SGD -> {
        if (n == 1) {
          // As most levels above the weights have it; in the bits of a vector's element.
          set(out[0], x(in[1]) * -x(in[2]) + x(in[0]));
        } else {
          kernels.sgd(n, a(in[0]), o(in[0]), a(in[1]), o(in[1]), x(in[2]), a(out[0]), o(out[0]));
        }
      }
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
      case PRODIGY_TERMS,
          DADAPT_ADAM_TERMS,
          DADAPT_SGD_TERMS,
          DISTANCE_TERMS,
          MECHANIC_TERMS,
          MEANS_STEP,
          SCHEDULE_FREE_SGD,
          SCHEDULE_FREE_ADAM,
          GRADIENT_TERMS,
          SCALED_STEP,
          SCALED_MOMENTUM ->
          adaptive.run(kernel, in, out);
      case TRACE_RATE -> rate(in, out);
      case TRACE_COSINE -> cosine(in, out);
      case SELECT -> {
        View chosen = in[x(in[0]) != 0 ? 1 : 2];
        System.arraycopy(a(chosen), o(chosen), a(out[0]), o(out[0]), out[0].size());
      }
      default -> {
        hypergradients(n, kernel, in);
        for (int k = 0; k < out.length; k++) {
          a(out[k])[o(out[k])] = gradients[k];
        }
      }
    }
  }

  private static void rate(View[] in, View[] out) {
    float n = x(in[0]);
    float value = x(in[1]);
    boolean full = x(in[4]) >= 1;
    float gamma = x(in[5]);
    float highest = n >= 2 ? Math.max(x(in[2]), value) : x(in[2]);
    boolean now = n >= 2 && full && n >= x(in[3]) && value < highest - x(in[6]);
    float rests = now ? Math.max(n * x(in[7]), LEAST_PAUSE) + n : x(in[3]);
    set(out[0], now ? 1 : (gamma + 1) / Math.max(Math.max(n, 1) + gamma, TINY));
    set(out[1], n >= x(in[8]) && full && n >= rests ? 1 : 0);
    set(out[2], now ? value : highest);
    set(out[3], rests);
  }

  private static void cosine(View[] in, View[] out) {
    float sizes = (float) Math.sqrt(x(in[1])) * (float) Math.sqrt(x(in[2]));
    float cosine = x(in[0]) / (sizes + TINY);
    if (Float.isNaN(cosine)) {
      cosine = 0;
    }
    float largest = Math.max(x(in[4]), Math.abs(cosine));
    float scaled = x(in[5]) != 0 ? cosine / Math.max(largest, TINY) : cosine;
    float cut = Math.min(Math.max(scaled, -x(in[6])), x(in[6]));
    set(out[0], x(in[2]) == 0 && x(in[1]) > 0 && x(in[3]) >= 1 ? -1 : cut);
    set(out[1], largest);
  }

  /** Writes the one number of a view. */
  private static void set(View scalar, float value) {
    CpuBackend.floats(scalar)[scalar.offset()] = value;
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
  static double decay(View complement) {
    float rest = x(complement);
    return 1 - (double) Math.min(Math.max(rest, LEAST_REST), MOST_REST);
  }

  private static float x(View scalar) {
    return CpuBackend.floats(scalar)[scalar.offset()];
  }
}
