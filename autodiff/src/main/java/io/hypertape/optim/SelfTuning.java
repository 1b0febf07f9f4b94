package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * The tower that needs no step size: an optimizer whose step size's logarithm is tuned by a {@link
 * Hypergradient.Eligibility} trace, with a step that is tuned by how far these agree; both without
 * scale. The step size stands still while it decays over the second half of a run, a {@link Guard}
 * takes updates back after which the loss jumps, and the first update is neither long nor short.
 * From any start between 1e-8 and 10 it comes to about the same end (docs/self-tuning.md). As text,
 * {@code auto(adam)} or {@code auto(sgd(mu=0.9))}.
 *
 * <p>It is put together of parts that serve in every other tower:
 *
 * <pre>{@code
 * adam.tuning("alpha").inLog("alpha")
 *     .tunedBy(new Sgd(0.35).tower().inLog("alpha").within("alpha", 0.1, 1),
 *         Hypergradient.trace(-0.75).byLargest().heldInDecay().restartedAfter(2.5, 0.5))
 *     .tunedBy(new Sgd(0.15), Hypergradient.agreement(0.5))
 *     .scheduledBy(StepSchedule.decay(0.5)).guardedBy(Guard.standard().with(Edge.standard())).cappedAt(1e-5, 0.001)
 * }</pre>
 */
public final class SelfTuning {

  /** What a base optimizer starts at if nothing is said. */
  static final double START = 1e-3;

  private static final double GAMMA = -0.75;
  private static final double FIRST = 0.35;
  private static final double LEAST = 0.1;
  private static final double MOST = 1;
  private static final double STEP = 0.15;
  private static final double AGREEMENT = 0.5;
  private static final double DECAY = 0.5;
  private static final double DROP = 2.5;
  private static final double REST = 0.5;
  private static final double SHORTEST = 1e-5;
  private static final double LONGEST = 0.001;

  private SelfTuning() {}

  /**
   * Tunes an optimizer's step size.
   *
   * @param base the optimizer, which has one step size, such as {@code new Adam(1e-3)}; the step
   *     size is where it starts, and hardly matters
   * @return the tower, whose schedule {@link Tower#over} has to give a length
   * @throws IllegalArgumentException if it has no step size or several, or starts at 0
   */
  public static Tower of(Optimizer base) {
    Nulls.check(base, "self-tuning: base");
    if (base.stepSizes().size() != 1) {
      throw new IllegalArgumentException(
          "auto: "
              + base.text()
              + " has "
              + (base.stepSizes().isEmpty()
                  ? "no step size"
                  : "the step sizes " + Update.list(base.stepSizes()))
              + "; an optimizer with one, such as adam or sgd, would fit");
    }
    String alpha = base.stepSizes().getFirst();
    Tower step = new Sgd(FIRST).tower().inLog("alpha").within("alpha", LEAST, MOST);
    Hypergradient trace =
        Hypergradient.trace(GAMMA).byLargest().heldInDecay().restartedAfter(DROP, REST);
    return base.tuning(alpha)
        .inLog(alpha)
        .tunedBy(step, trace)
        .tunedBy(new Sgd(STEP).tower(), Hypergradient.agreement(AGREEMENT))
        .scheduledBy(StepSchedule.decay(DECAY))
        .guardedBy(Guard.standard().with(Edge.standard()))
        .cappedAt(SHORTEST, LONGEST);
  }
}
