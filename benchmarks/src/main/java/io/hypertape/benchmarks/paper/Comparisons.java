package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.paper.Comparison.Entry;
import io.hypertape.benchmarks.paper.Comparison.Start;
import io.hypertape.benchmarks.paper.Comparison.Subject;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The paper's experiments with RNN and CNN. */
final class Comparisons {

  private static final String FIXED = "fixed";
  private static final String HYPEROPTIMIZED = "hyperoptimized";

  /** Enough for what stands in the paper, without the noise of binary fractions. */
  private static final MathContext DIGITS = new MathContext(6);

  private static final int PAPERS_RUNS = 3;
  private static final double[] STEP_SIZES = {.01, .1, 1};
  private static final double[] MOMENTA = {.09, .9, .99};

  private Comparisons() {}

  private static String number(double value) {
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  /** Adam, and Adam whose step size and betas are tuned, from three step sizes. */
  static Comparison rnn(TrainingRun training, int seeds) {
    return new Comparison(
        new Subject(
            training,
            List.of("alpha"),
            List.of(FIXED, HYPEROPTIMIZED),
            List.of(
                adam(1e-4, papers(8.71, .91), papers(6.51, .88)),
                adam(2e-3, papers(5.27, .31), papers(5.41, .26)),
                adam(1e-2, papers(5.77, .34), papers(5.45, .76))),
            List.of()),
        seeds);
  }

  private static Spread papers(double mean, double deviation) {
    return new Spread(mean, deviation, PAPERS_RUNS);
  }

  private static Start adam(double alpha, Spread fixed, Spread tuned) {
    String plain = "adam(" + number(alpha) + ")";
    String above = "sgd-per-param(alpha=" + number(alpha * 1e-2) + ", beta1=0.0001, beta2=0.0002)";
    return new Start(
        List.of(number(alpha)),
        List.of(
            new Entry(Tower.parse(plain), fixed),
            new Entry(Tower.parse(plain + "/" + above), tuned)));
  }

  /**
   * SGD with momentum: fixed, with both tuned, and with He et al.'s schedule, from three step sizes
   * and three momenta.
   */
  static Comparison cnn(TrainingRun training, int seeds) {
    List<Start> starts = new ArrayList<>();
    for (double alpha : STEP_SIZES) {
      for (double mu : MOMENTA) {
        starts.add(sgd(alpha, mu, training.steps()));
      }
    }
    return new Comparison(
        new Subject(
            training,
            List.of("alpha", "mu"),
            List.of(FIXED, HYPEROPTIMIZED, "He's schedule"),
            starts,
            List.of(
                "The paper draws these runs as curves; none of its figures could be had, so that none"
                    + " stands beside ours. He et al. (2015, table 6) have 8.75 %"
                    + " for alpha 0.1, mu 0.9 with their schedule, a tenth at half and at three"
                    + " quarters of the steps.")),
        seeds);
  }

  private static Start sgd(double alpha, double mu, long steps) {
    String values = number(alpha) + ", mu=" + number(mu) + ", decay=0.0001";
    Tower fixed = Tower.parse("sgd(" + values + ")");
    String tuned =
        "sgd("
            + values
            + ", tune=alpha+mu)/sgd-per-param(alpha="
            + number(alpha * alpha * 1e-3)
            + ", mu="
            + number(1e-6 / (1 - mu))
            + ")";
    return new Start(
        List.of(number(alpha), number(mu)),
        List.of(
            new Entry(fixed, Comparison.NONE),
            new Entry(Tower.parse(tuned), Comparison.NONE),
            new Entry(fixed.scheduledBy(schedule(steps)), Comparison.NONE)));
  }

  /** A tenth at half and again at three quarters of a run, which has four steps at least. */
  private static StepSchedule schedule(long steps) {
    long half = Math.max(1, steps / 2);
    return StepSchedule.milestones(List.of(half, Math.max(half + 1, steps * 3 / 4)), 0.1);
  }
}
