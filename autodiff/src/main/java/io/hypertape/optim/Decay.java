package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;

/**
 * The decay β of a running mean in tensor operations, by its complement 1 − β: float32 cannot tell
 * 0.99999999 from 1, but 1e-8 it has to all its digits. As {@link
 * io.hypertape.autodiff.backend.FusedKernel} has it, β stays between 0 and 1, both excluded.
 */
final class Decay {

  /** 1 − β for the largest β below 1 in double precision. */
  private static final double LEAST_REST = 0x1p-53;

  private Decay() {}

  /** A complement, brought into the open interval. */
  static Tensor rest(Tensor complement) {
    return complement.maximum(LEAST_REST).minimum(belowOne(complement.dtype()));
  }

  /** The largest number below 1. */
  static double belowOne(DType type) {
    return type == DType.F64 ? 1 - 0x1p-53 : 1 - 0x1p-24;
  }

  /** β·mean + (1 − β)·x. */
  static Tensor mean(Tensor rest, Tensor mean, Tensor x) {
    return mean.mul(complement(rest)).add(rest.mul(x));
  }

  /** 1 − x. */
  static Tensor complement(Tensor x) {
    return x.neg().add(1);
  }

  /**
   * The bias correction 1 − β^t. In float64 this is what the paper's code computes, to the bit;
   * float32 has no digits left of what β and β^t are short of 1.
   */
  static Tensor correction(Tensor rest, Tensor t) {
    return rest.dtype() == DType.F64 ? complement(complement(rest).pow(t)) : logarithmic(rest, t);
  }

  /**
   * The same from ln β = ln(1 − rest) and 1 − e^x = tanh(−x/2)·(1 + e^x), which keep all digits.
   */
  static Tensor logarithmic(Tensor rest, Tensor t) {
    Tensor beta = complement(rest);
    // What that difference rounded away; this one is exact.
    Tensor lost = complement(beta).sub(rest);
    Tensor exponent = beta.log().add(lost.div(beta)).mul(t);
    return oneLessExp(exponent);
  }

  /** 1 − e^x with all its digits. */
  static Tensor oneLessExp(Tensor exponent) {
    Tensor power = exponent.exp();
    Tensor near = exponent.mul(-0.5).tanh().mul(power.add(1));
    // Far from 0 that would be exact too, but not its derivative.
    Tensor isNear = exponent.detach().greaterThan(-1);
    Tensor isFar = complement(isNear);
    return isNear.mul(near).add(isFar.mul(complement(power)));
  }
}
