package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Scales gradients so that their common Euclidean norm is at most a limit (Pascanu, Mikolov, Bengio
 * 2013): by min(1, limit/(‖g‖₂ + 1e-6)), as PyTorch's {@code clip_grad_norm_}. All on the device.
 *
 * @param maxNorm the limit; infinite for none
 */
record GradientClipping(double maxNorm) {

  private static final double EPSILON = 1e-6;

  List<Tensor> apply(Session session, List<Tensor> gradients) {
    if (Double.isInfinite(maxNorm)) {
      return gradients;
    }
    Tensor sum = null;
    for (Tensor gradient : gradients) {
      Tensor squares = gradient.square().sum();
      sum = sum == null ? squares : sum.add(squares);
    }
    Tensor scale =
        session.constant(maxNorm).div(sum.sqrt().add(EPSILON)).minimum(session.constant(1));
    List<Tensor> clipped = new ArrayList<>(gradients.size());
    for (Tensor gradient : gradients) {
      clipped.add(gradient.mul(scale));
    }
    return clipped;
  }
}
