package io.hypertape.optim;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * One parameter's part of an {@link Hypergradient.Eligibility}: from gradient g, value w, running
 * mean x̄, the mean's rate c and three sums so far, the next mean x̄ + c·(w − x̄) and the sums with
 * ⟨g, w − x̄⟩, |g|² and |w − x̄|² of this parameter.
 */
final class TraceOp {

  private static final FusedOp OP = FusedOp.of("trace", TraceOp::define).withKernel(new Kernel());

  /**
   * Sums over parameters.
   *
   * @param product ⟨g, e⟩
   * @param gradient |g|²
   * @param trace |e|²
   */
  record Sums(Tensor product, Tensor gradient, Tensor trace) {}

  /**
   * What comes of one parameter.
   *
   * @param mean the next mean
   * @param sums the sums with its part
   */
  record Result(Tensor mean, Sums sums) {}

  private TraceOp() {}

  /** {@link FusedKernel#TRACE}. */
  private record Kernel() implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.fuses(FusedKernel.TRACE);
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      int[] scalar = new int[0];
      return List.of(inputs.get(2), scalar, scalar, scalar);
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.fused(FusedKernel.TRACE, in, out);
    }
  }

  private static List<Tensor> define(List<Tensor> in) {
    Tensor g = in.get(0);
    Tensor mean = in.get(2);
    Tensor e = in.get(1).sub(mean);
    return List.of(
        mean.add(e.mul(in.get(3))),
        in.get(4).add(g.mul(e).sum()),
        in.get(5).add(g.square().sum()),
        in.get(6).add(e.square().sum()));
  }

  static Result apply(Tensor g, Tensor w, Tensor mean, Tensor rate, Sums sums) {
    List<Tensor> in = new ArrayList<>(List.of(g, w, mean, rate));
    in.addAll(List.of(sums.product, sums.gradient, sums.trace));
    List<Tensor> out = OP.apply(in);
    return new Result(out.get(0), new Sums(out.get(1), out.get(2), out.get(3)));
  }
}
