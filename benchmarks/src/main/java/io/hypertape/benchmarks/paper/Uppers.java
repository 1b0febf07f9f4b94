package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import java.util.List;

/** From which step sizes a tower's upper levels start, given that of the first. */
enum Uppers {
  /** All from the same, as in the paper's figure of the MLP. */
  SAME {
    @Override
    List<Double> of(double alpha) {
      return List.of(alpha, alpha, alpha);
    }
  },
  /** Smaller with every level, as in the paper's figures of CNN and RNN. */
  DESCENDING {
    @Override
    List<Double> of(double alpha) {
      return alpha < SMALL
          ? List.of(100 * alpha, alpha, alpha / 100)
          : List.of(1e-3 * alpha, 1e-4 * alpha, 1e-8);
    }
  };

  /** Between the paper's 1e-4 and 1e-3. */
  private static final double SMALL = 3e-4;

  /** Step sizes of three levels above one that starts from {@code alpha}. */
  abstract List<Double> of(double alpha);

  /** A tower of a height, 0 for an optimizer with nothing above it. */
  Tower tower(Optimizer first, double alpha, int height) {
    Tower tower = first.tower();
    for (double upper : of(alpha).subList(0, height)) {
      tower = tower.tunedBy(new Sgd(upper));
    }
    return tower;
  }
}
