package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import java.util.Arrays;

/**
 * Updates in plain loops: the scalar twin of {@link VectorUpdates}. New values have the same bits;
 * sums are added in double precision.
 */
public final class ScalarUpdates implements Updates {

  private static final int MOST_SUMS = 4;

  private final UpdateFactors factors = new UpdateFactors();
  private final double[] totals = new double[MOST_SUMS];

  /** Updates on the caller's thread. */
  public ScalarUpdates() {}

  @Override
  public Call of(UpdateOp update, double[] scalars, float[] sums, Floats... vectors) {
    return of(UpdateOperands.of(update, scalars, sums, vectors));
  }

  Call of(UpdateOperands operands) {
    return () -> run(operands);
  }

  private void run(UpdateOperands o) {
    UpdateOp update = o.update();
    Arrays.fill(totals, 0);
    float[] f = factors.of(update, o.scalars());
    ScalarUpdateLoops.run(update, f, o.n(), o.vectors(), o.offsets(), totals);
    for (int k = 0; k < update.sums(); k++) {
      double factor = UpdateFactors.ofSum(update, k, o.scalars());
      o.sums()[k] = (float) (factor * totals[k]);
    }
  }
}
