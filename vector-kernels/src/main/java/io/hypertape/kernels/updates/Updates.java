package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;

/** Kernels of optimizers' updates, of their derivatives and of traces. */
public interface Updates {

  /**
   * One of them with its operands. An output may be an input in its place, else it shares no
   * element with another vector. Sums come out the same for any number of threads.
   *
   * @param update which
   * @param scalars what it multiplies by, in the order in which it names them: each call reads what
   *     is there then; decays in double precision, since 1 − β counts
   * @param sums where each call leaves its sums
   * @param vectors its inputs, then its outputs, in the order in which it names them; as long as
   *     the first
   * @return the call
   * @throws IllegalArgumentException if one is missing or longer than the first, there is no room
   *     for scalars or sums, or outputs overlap
   */
  Call of(UpdateOp update, double[] scalars, float[] sums, Floats... vectors);
}
