package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.tensor.DType;

/**
 * Derivatives of a^b. Their formulas have products of 0 and ∞ at the ends of the domain; a factor
 * is computed of 1 in place of such an a, so that the derivative is its limit, and so are those of
 * higher order. (A mask over the product would leave 0·∞ = NaN to them.)
 */
final class PowerRule {

  private PowerRule() {}

  /** c·b·a^(b−1): 0 where b is 0, whatever a is, since a⁰ is 1 everywhere. */
  static Tensor byBase(Tensor c, Tensor a, Tensor b) {
    Tensor invertible = a.detach().abs().greaterThan(leastInvertible(a.dtype()));
    Tensor constant = b.detach().equalTo(0);
    Tensor safe = oneWhere(constant.mul(not(invertible)), a);
    return c.mul(b).mul(safe.pow(b.sub(1)));
  }

  /** c·a^b·ln a: 0 where a is 0 and b is not negative, and where a is ∞ and b negative. */
  static Tensor byExponent(Tensor c, Tensor a, Tensor b, Tensor power) {
    Tensor base = a.detach();
    Tensor negative = b.detach().neg().greaterThan(0);
    Tensor infinite = base.equalTo(Double.POSITIVE_INFINITY);
    Tensor nothing = base.equalTo(0).mul(not(negative)).add(infinite.mul(negative));
    return c.mul(power).mul(oneWhere(nothing, a).log());
  }

  /** Numbers beyond it have a finite inverse; NaN and the smallest do not. */
  private static double leastInvertible(DType type) {
    return type == DType.F64 ? 0x1p-1023 : 0x1p-127;
  }

  private static Tensor not(Tensor mask) {
    return mask.neg().add(1);
  }

  /** Where the mask is 1, 1 without a derivative; elsewhere x, −0 included. */
  private static Tensor oneWhere(Tensor mask, Tensor x) {
    Tensor kept = ElementwiseOps.apply(BinaryOp.RELU_GRAD, x, not(mask));
    // x − 0 is x where x + 0 would make 0 of −0; and ¬mask − 1 is 0, not −0.
    return kept.sub(not(mask).sub(1));
  }
}
