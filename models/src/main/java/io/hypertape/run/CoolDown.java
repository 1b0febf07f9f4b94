package io.hypertape.run;

import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * How a run ends whose length need not be known: with steps over which step sizes fall to 0. They
 * begin as soon as a metric has stopped to improve, or a {@linkplain TrainingListener#coolsDown
 * listener} wants it, and in any case early enough to be done when the run has taken all the steps
 * that it may take.
 *
 * @param share how many steps they are, as a share of those before; 0 if the run just ends where a
 *     metric has stopped to improve, whatever the tower's schedule
 * @param metric what shall improve; empty if the run shall just take all its steps
 * @param patience epochs, or {@linkplain TrainingOptions#evaluateEvery evaluations}, one after the
 *     other, in which it has not become better than it was before, at least 1
 */
public record CoolDown(double share, Optional<Metric> metric, int patience) {

  /** The share unless another is given. */
  public static final double SHARE = 0.3;

  /** The patience unless another is given, in epochs. */
  public static final int PATIENCE = 3;

  /** Checks the numbers. */
  public CoolDown {
    Nulls.check(metric, "cool-down: metric");
    if (!(share > 0 || share == 0 && metric.isPresent()) || Double.isInfinite(share)) {
      throw new IllegalArgumentException(
          "cool-down: share is "
              + share
              + "; a finite number above 0 is needed, or 0 with a metric that shall improve");
    }
    if (patience < 1) {
      throw new IllegalArgumentException(
          "cool-down: patience is " + patience + " epochs; at least 1 is needed");
    }
  }

  /**
   * At the end of all the steps that the run may take.
   *
   * @param share how many steps of them, as a share of those before; above 0
   * @return the cool-down
   */
  public static CoolDown atTheEnd(double share) {
    return new CoolDown(share, Optional.empty(), PATIENCE);
  }

  /**
   * As soon as three epochs, one after the other, have not made a metric better; 0.3 times as many
   * steps as were taken until then.
   *
   * @param metric what shall improve
   * @return the cool-down
   */
  public static CoolDown onceStalled(Metric metric) {
    return new CoolDown(SHARE, Optional.of(Nulls.check(metric, "cool-down: metric")), PATIENCE);
  }

  /**
   * None: the run ends as soon as a metric has not improved for a while (early stopping).
   *
   * @param metric what shall improve
   * @param patience epochs, or {@linkplain TrainingOptions#evaluateEvery evaluations}, one after
   *     the other, that may be no better, at least 1
   * @return how the run ends
   */
  public static CoolDown earlyStop(Metric metric, int patience) {
    return new CoolDown(0, Optional.of(Nulls.check(metric, "cool-down: metric")), patience);
  }

  /** How long it lasts if it begins now. */
  static long steps(double share, long before) {
    return Math.max(1, Math.round(share * before));
  }
}
