package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Floats;

/** Makes calls of {@link FusedKernel}s: those of many elements are kernels, the others are here. */
final class FusedUpdates {

  // See FusedKernel.TRACE_RATE and TRACE_COSINE.
  private static final float LEAST_PAUSE = 10;
  private static final float TINY = 1e-30f;

  private final Kernels kernels;

  FusedUpdates(Kernels kernels) {
    this.kernels = kernels;
  }

  Runnable of(FusedKernel kernel, View[] in, View[] out) {
    return switch (kernel) {
      case TRACE_RATE -> () -> rate(in, out);
      case TRACE_COSINE -> () -> cosine(in, out);
      case SELECT -> select(in, out);
      default -> new UpdateCall(kernels.updates(), kernel, in, out);
    };
  }

  private static Runnable select(View[] in, View[] out) {
    Floats a = Operands.floats(in[1]);
    Floats b = Operands.floats(in[2]);
    Floats to = Operands.floats(out[0]);
    return () -> {
      Floats chosen = x(in[0]) != 0 ? a : b;
      System.arraycopy(chosen.array(), chosen.offset(), to.array(), to.offset(), to.length());
    };
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

  private static float x(View scalar) {
    return CpuBackend.floats(scalar)[scalar.offset()];
  }
}
