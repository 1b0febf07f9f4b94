package io.hypertape.autodiff;

import java.util.List;

/** Running sums, in steps that double how far an element looks back (Hillis, Steele 1986). */
final class CumulativeOps {

  private CumulativeOps() {}

  static Tensor sum(Tensor x, int axis) {
    int at = Shapes.axis("cumsum", x.dims(), axis);
    int length = x.requireFloating("cumsum").dims()[at];
    Tensor sums = x;
    // Element i holds the sum of the last `step` ones up to i, those before the first left out.
    for (long step = 1; step < length; step *= 2) {
      int back = (int) step;
      Tensor longer = sums.slice(at, back, length).add(sums.slice(at, 0, length - back));
      sums = Tensor.concat(at, List.of(sums.slice(at, 0, back), longer));
    }
    return sums;
  }
}
