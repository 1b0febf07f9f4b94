package io.hypertape.optim;

import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;
import java.util.List;

/**
 * Scales gradients so that their common Euclidean norm is at most a limit (Pascanu, Mikolov, Bengio
 * 2013): by min(1, limit/(‖g‖₂ + 1e-6)), as PyTorch's {@code clip_grad_norm_}. All on the device.
 *
 * <p>Gradients so large that their squares might overflow are scaled by a power of two before, so
 * that the norm of any finite gradients is found. Others have the bits that they would have without
 * that.
 *
 * @param session what computes
 * @param maxNorm the limit, finite
 */
record GradientClipping(Session session, double maxNorm) implements GradientHook {

  private static final double EPSILON = 1e-6;

  /** Where squares of numbers may overflow, and what then brings numbers into a range of safety. */
  private record Range(double large, double scale) {

    // From 2^48 to 2^128 becomes 2^−40 to 2^40: 2^32 such squares can be added up, and what is too
    // small to be squared is too small to count.
    private static final Range FLOAT32 = new Range(0x1p48, 0x1p-88);
    private static final Range FLOAT64 = new Range(0x1p480, 0x1p-560);

    static Range of(DType type) {
      return type == DType.F64 ? FLOAT64 : FLOAT32;
    }
  }

  /**
   * Clips. If the norm is no finite number, neither is any gradient that comes out, nor the loss:
   * who looks at the loss before the update can refuse the step, and nobody has to wait for the
   * norm alone.
   */
  @Override
  public Gradients apply(Gradients gradients) {
    ParameterMap weights = gradients.weights();
    if (weights.parameters().isEmpty()) {
      return gradients;
    }
    Tensor scale = scale(weights.tensors());
    ParameterMap scaled = weights.map(gradient -> gradient.mul(scale));
    Tensor sum = null;
    for (Tensor gradient : scaled.tensors()) {
      Tensor squares = gradient.square().sum();
      sum = sum == null ? squares : sum.add(squares);
    }
    Tensor norm = sum.sqrt();
    // 0, or NaN where the norm is not finite.
    Tensor refusal = norm.sub(norm);
    Tensor share = session.constant(maxNorm).div(norm.add(scale.mul(EPSILON)));
    Tensor factor = share.minimum(scale.reciprocal()).add(refusal);
    return gradients
        .withLoss(gradients.loss().detach().add(refusal))
        .withWeights(scaled.map(gradient -> gradient.mul(factor)));
  }

  /** 1, or where a gradient is large the power of two that scales it down. */
  private static Tensor scale(List<Tensor> gradients) {
    Tensor largest = null;
    for (Tensor gradient : gradients) {
      Tensor most = gradient.abs().max();
      largest = largest == null ? most : largest.maximum(most);
    }
    Range range = Range.of(largest.dtype());
    Tensor isLarge = largest.greaterThan(range.large());
    return isLarge.mul(range.scale()).add(isLarge.neg().add(1));
  }
}
