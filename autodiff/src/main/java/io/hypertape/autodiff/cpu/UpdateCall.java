package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.updates.UpdateOp;
import io.hypertape.kernels.updates.Updates;
import java.util.Arrays;

/**
 * An update, a derivative of one or a trace, with its operands: vectors, then scalars, which change
 * from one replay to the next, then what sums are added to. It leaves vectors, then sums.
 */
final class UpdateCall implements Runnable {

  // See FusedKernel: 1 − β for the β next to 1 in double precision, and next to 0 in single.
  private static final float LEAST_REST = 0x1p-53f;
  private static final float MOST_REST = 1 - 0x1p-24f;

  private final UpdateOp update;
  private final boolean derivative;
  private final Floats[] scalarsIn;
  private final Floats[] sumsIn;
  private final Floats[] sumsOut;
  private final double[] scalars;
  private final float[] sums;
  private final Call call;

  UpdateCall(Updates updates, FusedKernel kernel, View[] in, View[] out) {
    update = UpdateOp.valueOf(kernel.name());
    derivative = !kernel.isUpdate() && kernel.derivatives() > 0;
    int inputs = update.inputs().size();
    int outputs = update.outputs().size();
    scalars = new double[update.scalars().size()];
    sums = new float[update.sums()];
    scalarsIn = floats(in, inputs, inputs + scalars.length);
    sumsIn = floats(in, inputs + scalars.length, in.length);
    sumsOut = floats(out, outputs, out.length);
    Floats[] vectors = Arrays.copyOf(floats(in, 0, inputs), inputs + outputs);
    System.arraycopy(floats(out, 0, outputs), 0, vectors, inputs, outputs);
    call = updates.of(update, scalars, sums, vectors);
  }

  private static Floats[] floats(View[] views, int from, int to) {
    Floats[] floats = new Floats[to - from];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Operands.floats(views[from + i]);
    }
    return floats;
  }

  @Override
  public void run() {
    for (int i = 0; i < scalars.length; i++) {
      float scalar = scalarsIn[i].get(0);
      scalars[i] = update.isDecay(i) ? decay(scalar) : scalar;
    }
    call.run();
    for (int k = 0; k < sumsOut.length; k++) {
      // The operand is 1 − β, and the kernel's β.
      float sum = derivative && update.isDecay(k) ? -sums[k] : sums[k];
      sumsOut[k].set(0, k < sumsIn.length ? sumsIn[k].get(0) + sum : sum);
    }
  }

  /** β of an operand that is 1 − β, in the open interval. */
  private static double decay(float rest) {
    return 1 - (double) Math.min(Math.max(rest, LEAST_REST), MOST_REST);
  }
}
