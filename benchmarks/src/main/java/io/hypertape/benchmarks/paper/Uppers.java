package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** From which step sizes a tower's upper levels start, given that of the first. */
enum Uppers {
  /** All from the same, as in the paper's figure of the MLP. */
  SAME {
    @Override
    List<Double> of(double alpha) {
      return List.of(alpha, alpha, alpha);
    }

    @Override
    String description() {
      return "All levels start from the same step size.";
    }
  },
  /** Smaller with every level, as in the paper's figures of CNN and RNN. */
  DESCENDING {
    @Override
    List<Double> of(double alpha) {
      return alpha < SMALL
          ? List.of(rounded(100 * alpha), alpha, rounded(alpha / 100))
          : List.of(rounded(1e-3 * alpha), rounded(1e-4 * alpha), 1e-8);
    }

    @Override
    String description() {
      return "SGD without momentum. The levels above a step size α start from 100·α, α and α/100 up"
          + " to α = 1e-4, and from 1e-3·α, 1e-4·α and 1e-8 from α = 1e-3 on, as in the paper.";
    }
  };

  /** Between the paper's 1e-4 and 1e-3. */
  private static final double SMALL = 3e-4;

  /** Without the noise of binary fractions, so that a tower's text is a short one. */
  private static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }

  /** Step sizes of three levels above one that starts from {@code alpha}. */
  abstract List<Double> of(double alpha);

  /** The rule in words, below a table. */
  abstract String description();

  /** A tower of a height, 0 for an optimizer with nothing above it. */
  Tower tower(Optimizer first, double alpha, int height) {
    Tower tower = first.tower();
    for (double upper : of(alpha).subList(0, height)) {
      tower = tower.tunedBy(new Sgd(upper));
    }
    return tower;
  }
}
