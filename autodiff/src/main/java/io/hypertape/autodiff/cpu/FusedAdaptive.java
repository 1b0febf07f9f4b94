package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.updates.AdaptiveKernels;
import io.hypertape.kernels.updates.AdaptiveUpdate;

/** Takes the operands of optimizers' kernels apart that find their step size: vectors, scalars. */
final class FusedAdaptive {

  /** By the ordinals of {@link FusedKernel}; null for what is none of them. */
  private static final AdaptiveUpdate[] UPDATES = new AdaptiveUpdate[FusedKernel.values().length];

  private static final int MOST_VECTORS = 10;
  private static final int MOST_SCALARS = 8;
  private static final int MOST_SUMS = 4;

  static {
    for (AdaptiveUpdate update : AdaptiveUpdate.values()) {
      UPDATES[FusedKernel.valueOf(update.name()).ordinal()] = update;
    }
  }

  private final AdaptiveKernels kernels;
  private final float[][] vectors = new float[MOST_VECTORS][];
  private final int[] offsets = new int[MOST_VECTORS];
  private final double[] scalars = new double[MOST_SCALARS];
  private final float[] sums = new float[MOST_SUMS];

  FusedAdaptive(AdaptiveKernels kernels) {
    this.kernels = kernels;
  }

  void run(FusedKernel kernel, View[] in, View[] out) {
    AdaptiveUpdate update = UPDATES[kernel.ordinal()];
    int inputs = update.inputs().size();
    int outputs = update.outputs().size();
    for (int i = 0; i < inputs; i++) {
      vector(i, in[i]);
    }
    for (int i = 0; i < outputs; i++) {
      vector(inputs + i, out[i]);
    }
    for (int i = inputs; i < in.length; i++) {
      View scalar = in[i];
      scalars[i - inputs] =
          isComplement(update, i - inputs)
              ? FusedUpdates.decay(scalar)
              : CpuBackend.floats(scalar)[scalar.offset()];
    }
    kernels.adaptive(update, in[0].size(), vectors, offsets, scalars, sums);
    for (int k = outputs; k < out.length; k++) {
      CpuBackend.floats(out[k])[out[k].offset()] = sums[k - outputs];
    }
  }

  private void vector(int at, View view) {
    vectors[at] = CpuBackend.floats(view);
    offsets[at] = view.offset();
  }

  /** Which scalars are 1 − β, where the kernel takes β. */
  private static boolean isComplement(AdaptiveUpdate update, int scalar) {
    return switch (update) {
      case PRODIGY_TERMS -> scalar == 2 || scalar == 3;
      case DADAPT_ADAM_TERMS -> scalar == 1 || scalar == 2;
      case SCHEDULE_FREE_ADAM -> scalar == 5;
      default -> false;
    };
  }
}
