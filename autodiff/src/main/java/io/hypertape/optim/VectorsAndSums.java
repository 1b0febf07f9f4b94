package io.hypertape.optim;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend's kernel that gives vectors and sums over them.
 *
 * @param vectors how many of the results, the first, have the shape of the first input
 * @param sums how many are scalars
 */
record VectorsAndSums(FusedKernel kernel, int vectors, int sums) implements FusedOp.Kernel {

  @Override
  public boolean runsOn(Backend backend) {
    return backend.fuses(kernel);
  }

  @Override
  public List<int[]> outputs(List<int[]> inputs) {
    List<int[]> outputs = new ArrayList<>(vectors + sums);
    for (int i = 0; i < vectors; i++) {
      outputs.add(inputs.get(0));
    }
    for (int i = 0; i < sums; i++) {
      outputs.add(new int[0]);
    }
    return outputs;
  }

  @Override
  public void run(Backend backend, View[] in, View[] out) {
    backend.fused(kernel, in, out);
  }
}
