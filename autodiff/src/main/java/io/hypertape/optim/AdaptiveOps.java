package io.hypertape.optim;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What optimizers that find their step size, or need no schedule, do to each weight. Backends have
 * a kernel for each; the definitions here stand in where one has none, and where something is
 * differentiated.
 *
 * <p>A kernel cannot be faster than its vectors come from memory. Bytes a weight, where Adam's
 * update streams 28: {@link FusedKernel#PRODIGY_TERMS} 36 and {@link FusedKernel#MEANS_STEP} 16, so
 * 52 for Prodigy, and 8 for the copy of the weights that it began at; {@link
 * FusedKernel#DADAPT_ADAM_TERMS} 28, so 44 with the step; {@link FusedKernel#DADAPT_SGD_TERMS} 12
 * to 16, and 12 for the step; {@link FusedKernel#DISTANCE_TERMS} 12, and 12; {@link
 * FusedKernel#MECHANIC_TERMS} 20 and 12, besides its base; {@link FusedKernel#SCHEDULE_FREE_SGD}
 * 20, {@link FusedKernel#SCHEDULE_FREE_ADAM} 28; {@link FusedKernel#GRADIENT_TERMS} 4 to 12, {@link
 * FusedKernel#SCALED_STEP} 32, {@link FusedKernel#SCALED_MOMENTUM} 40. Two passes are needed
 * wherever an estimate stands between them.
 */
final class AdaptiveOps {

  static final Op PRODIGY =
      op("prodigy terms", FusedKernel.PRODIGY_TERMS, 3, 2, AdaptiveOps::prodigy);
  static final Op DADAPT_ADAM =
      op("dadapt-adam terms", FusedKernel.DADAPT_ADAM_TERMS, 3, 2, AdaptiveOps::dadaptAdam);
  static final Op DADAPT_SGD =
      op("dadapt-sgd terms", FusedKernel.DADAPT_SGD_TERMS, 1, 3, AdaptiveOps::dadaptSgd);
  static final Op DISTANCE =
      op("distance terms", FusedKernel.DISTANCE_TERMS, 0, 3, AdaptiveOps::distance);
  static final Op MECHANIC =
      op("mechanic terms", FusedKernel.MECHANIC_TERMS, 1, 4, AdaptiveOps::mechanic);
  static final Op MEANS_STEP =
      op("means step", FusedKernel.MEANS_STEP, 1, 0, in -> meansStep(in, false));

  /** The same where γ is 1. */
  static final Op MEANS_STEP_BY_ONE =
      op("means step by one", FusedKernel.MEANS_STEP, 1, 0, in -> meansStep(in, true));

  /** Without weight decay, where κ is 0. */
  static final Op SCHEDULE_FREE_SGD =
      op("schedule-free sgd", FusedKernel.SCHEDULE_FREE_SGD, 2, 0, in -> freeSgd(in, false));

  static final Op SCHEDULE_FREE_SGD_DECAYED =
      op("decayed schedule-free sgd", FusedKernel.SCHEDULE_FREE_SGD, 2, 0, in -> freeSgd(in, true));

  /** Without weight decay, where κ is 0. */
  static final Op SCHEDULE_FREE_ADAM =
      op("schedule-free adam", FusedKernel.SCHEDULE_FREE_ADAM, 3, 0, in -> freeAdam(in, false));

  static final Op SCHEDULE_FREE_ADAM_DECAYED =
      op(
          "decayed schedule-free adam",
          FusedKernel.SCHEDULE_FREE_ADAM,
          3,
          0,
          in -> freeAdam(in, true));

  static final Op GRADIENT =
      op("gradient terms", FusedKernel.GRADIENT_TERMS, 0, 4, AdaptiveOps::gradient);
  static final Op SCALED_STEP =
      op("scaled step", FusedKernel.SCALED_STEP, 3, 0, AdaptiveOps::scaledStep);
  static final Op SCALED_MOMENTUM =
      op("scaled momentum", FusedKernel.SCALED_MOMENTUM, 4, 0, AdaptiveOps::scaledMomentum);

  private AdaptiveOps() {}

  /**
   * An operation: a kernel where there is one and nothing is differentiated. Where something is,
   * the definition's operations go on the tape at once, instead of the kernel, and then all of them
   * once more for the derivative.
   *
   * @param fused the kernel, or the definition where a backend has none
   * @param definition in ordinary operations
   */
  record Op(FusedOp fused, UnaryOperator<List<Tensor>> definition) {
    List<Tensor> apply(List<Tensor> in) {
      return in.stream().anyMatch(Tensor::isTracked) ? definition.apply(in) : fused.apply(in);
    }
  }

  private static Op op(
      String name,
      FusedKernel kernel,
      int vectors,
      int sums,
      UnaryOperator<List<Tensor>> definition) {
    FusedOp fused =
        FusedOp.of(name, definition).withKernel(new VectorsAndSums(kernel, vectors, sums));
    return new Op(fused, definition);
  }

  /** A running mean of a product with a number; numbers are multiplied first. */
  private static Tensor mean(Tensor rest, Tensor mean, Tensor x, Tensor factor) {
    return mean.mul(Decay.complement(rest)).add(x.mul(rest.mul(factor)));
  }

  /** [p, g, m, v, s, x₀, d, w, 1−β₁, 1−β₂, β₃]. */
  private static List<Tensor> prodigy(List<Tensor> in) {
    Tensor g = in.get(1);
    Tensor d = in.get(6);
    Tensor rest1 = Decay.rest(in.get(8));
    Tensor rest2 = Decay.rest(in.get(9));
    Tensor beta3 = Tensor.where(in.get(10).equalTo(0), Decay.complement(rest2).sqrt(), in.get(10));
    Tensor s = in.get(4).mul(beta3).add(g.mul(in.get(7)));
    return List.of(
        mean(rest1, in.get(2), g, d),
        mean(rest2, in.get(3), g.square(), d.square()),
        s,
        in.get(5).sub(in.get(0)).mul(g).sum(),
        s.abs().sum());
  }

  /** 1 − √β₂, which float32 has no digits left of where β₂ is near 1. */
  static Tensor restOfRoot(Tensor rest2) {
    return rest2.div(Decay.complement(rest2).sqrt().add(1));
  }

  /** [g, m, v, s, γ, 1−β₁, 1−β₂, ε]. */
  private static List<Tensor> dadaptAdam(List<Tensor> in) {
    Tensor g = in.get(0);
    Tensor rest1 = Decay.rest(in.get(5));
    Tensor rest2 = Decay.rest(in.get(6));
    Tensor along = in.get(3).div(in.get(2).sqrt().add(in.get(7)));
    Tensor scaled = g.mul(in.get(4));
    Tensor s = Decay.mean(restOfRoot(rest2), in.get(3), scaled);
    return List.of(
        Decay.mean(rest1, in.get(1), scaled),
        Decay.mean(rest2, in.get(2), g.square()),
        s,
        along.mul(scaled).sum(),
        s.abs().sum());
  }

  /** [g, r, s, γ]. */
  private static List<Tensor> dadaptSgd(List<Tensor> in) {
    Tensor scaled = in.get(0).mul(in.get(3));
    Tensor s = in.get(2).add(scaled);
    return List.of(s, scaled.mul(in.get(2)).sum(), s.square().sum(), in.get(1).square().sum());
  }

  /** [p, g, x₀]. */
  private static List<Tensor> distance(List<Tensor> in) {
    return List.of(
        in.get(1).square().sum(),
        in.get(0).sub(in.get(2)).square().sum(),
        in.get(2).square().sum());
  }

  /** [p, g, q, o]. */
  private static List<Tensor> mechanic(List<Tensor> in) {
    Tensor g = in.get(1);
    Tensor moved = in.get(2);
    Tensor offset = in.get(3);
    return List.of(
        offset.add(moved.sub(in.get(0))),
        g.square().sum(),
        moved.square().sum(),
        offset.mul(g).sum(),
        offset.mul(moved).sum());
  }

  /** [p, m, v, γ, ε]. */
  private static List<Tensor> meansStep(List<Tensor> in, boolean byOne) {
    Tensor direction = in.get(1).div(Adam.root(in.get(2)).add(in.get(4)));
    Tensor p = in.get(0);
    return List.of(byOne ? p.sub(direction) : Sgd.descend(p, direction, in.get(3)));
  }

  /** [y, g, z, γ, κ, β, β', c]. */
  private static List<Tensor> freeSgd(List<Tensor> in, boolean decays) {
    return scheduleFree(in, in.get(1), 3, decays);
  }

  /** [y, g, z, v, γ, κ, β, β', c, 1−β₂, ε, t]. */
  private static List<Tensor> freeAdam(List<Tensor> in, boolean decays) {
    Tensor g = in.get(1);
    Tensor rest2 = Decay.rest(in.get(9));
    Tensor v = Decay.mean(rest2, in.get(3), g.square());
    Tensor root = Adam.root(v.div(Decay.correction(rest2, in.get(11)))).add(in.get(10));
    List<Tensor> all = new ArrayList<>(scheduleFree(in, g.div(root), 4, decays));
    all.add(v);
    return List.copyOf(all);
  }

  /**
   * y' and z'.
   *
   * @param direction of the base optimizer
   * @param at where γ is among the operands, which κ, β, β' and c follow
   * @param decays whether κ is read
   */
  private static List<Tensor> scheduleFree(
      List<Tensor> in, Tensor direction, int at, boolean decays) {
    Tensor y = in.get(0);
    Tensor z = in.get(2);
    Tensor scaled = direction.mul(in.get(at));
    Tensor down = decays ? scaled.add(y.mul(in.get(at + 1))) : scaled;
    Tensor moved = z.sub(down);
    // x − z' = (z − z') + (x − z); x' lies (1 − c) times as far from z', and y' β times as far as
    // x'.
    Tensor away = down.add(y.sub(z).div(in.get(at + 2)));
    Tensor share = in.get(at + 3).mul(Decay.complement(in.get(at + 4)));
    return List.of(moved.add(away.mul(share)), moved);
  }

  /** [g, a, b]. */
  private static List<Tensor> gradient(List<Tensor> in) {
    Tensor g = in.get(0);
    Tensor b = in.get(2);
    return List.of(g.square().sum(), in.get(1).mul(g).sum(), b.mul(g).sum(), b.square().sum());
  }

  /** AdaGrad's step. */
  static Tensor learned(Tensor value, Tensor step, Tensor h, Tensor sum, Tensor eps) {
    return value.sub(h.mul(step).div(sum.sqrt().add(eps)));
  }

  /** [p, g, g⁻, P, G, α, q, ε]. */
  private static List<Tensor> scaledStep(List<Tensor> in) {
    return scaled(in, 5);
  }

  /** p', P' and G', by α, q and ε from a place on. */
  private static List<Tensor> scaled(List<Tensor> in, int at) {
    Tensor g = in.get(1);
    Tensor h = g.mul(in.get(2)).neg().div(in.get(at + 1));
    Tensor sum = in.get(4).add(h.square());
    Tensor scale = learned(in.get(3), in.get(at), h, sum, in.get(at + 2));
    return List.of(Sgd.descend(in.get(0), g, scale), scale, sum);
  }

  /** [p, g, g⁻, P, G, p⁻, α, q, ε, μ]. */
  private static List<Tensor> scaledMomentum(List<Tensor> in) {
    List<Tensor> scaled = scaled(in, 6);
    Tensor moved = in.get(0).sub(in.get(5));
    Tensor p = scaled.get(0).add(moved.mul(in.get(9)));
    return List.of(p, scaled.get(1), scaled.get(2), moved);
  }
}
