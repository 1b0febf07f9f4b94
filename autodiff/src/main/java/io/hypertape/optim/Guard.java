package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * Takes an update back after which the loss has jumped, and does it again with smaller step sizes:
 * what makes a step size that is too large harmless. A jump is a loss that is no finite number, or
 * one above min(m + tolerance·d, L₀ + max(rise·|L₀|, 3·d)), with running means m of the losses
 * (decay 0.9) and d of how far they are from it (0.95), and the first loss L₀. Of such a loss 3·d
 * count in d, so that noise is no jump for ever. The update is taken back only if it is to blame:
 * if its product with the gradient on this batch is half of what the loss exceeds m by, or if it
 * was longer than a tenth of the weights; another batch is just a bad one. A loss that is no number
 * is to blame on the batch if the weights are numbers and the loss before it was fine. The batch
 * whose loss has jumped is dropped, whatever it changed beside the tower; the next one tells
 * whether the step is small enough now. As text {@code guard=jump(10, 0.3, 2)}. Where there is no
 * update to take back, as before the first one, a batch is dropped only if its loss is no finite
 * number, or the very first gradients are none.
 *
 * @param tolerance how many mean deviations are no jump yet
 * @param rise by which share of itself a loss may exceed the first one
 * @param cut what step sizes are divided by: those of the weights, and tuned ones of levels above
 * @param edge what begins a run anew that has grown over an edge; empty for nothing
 */
public record Guard(double tolerance, double rise, double cut, Optional<Edge> edge) {

  static final String NAME = "jump";

  /** Deviations by which a loss may exceed the first one, which was no better known. */
  private static final double NOISE = 3;

  /** The part of a jump that an update must be to blame for. */
  static final double BLAME = 0.5;

  /** The share of the weights' norm from which on an update is to blame whatever it did. */
  static final double LONG = 0.1;

  /** Losses in a row that jump after one update. The next one is taken as it is. */
  static final int PATIENCE = 40;

  /** Checks the numbers. */
  public Guard {
    Nulls.check(edge, "guard: edge");
    check(tolerance >= 0, "tolerance", tolerance, "0 or more deviations");
    check(rise >= 0, "rise", rise, "a share of 0 or more");
    check(cut > 1 && Double.isFinite(cut), "cut", cut, "a finite factor above 1");
  }

  /**
   * Without an edge.
   *
   * @param tolerance how many mean deviations are no jump yet
   * @param rise by which share of itself a loss may exceed the first one
   * @param cut what step sizes are divided by
   */
  public Guard(double tolerance, double rise, double cut) {
    this(tolerance, rise, cut, Optional.empty());
  }

  /**
   * With an edge.
   *
   * @param newEdge what begins a run anew
   * @return the changed guard
   */
  public Guard with(Edge newEdge) {
    return new Guard(tolerance, rise, cut, Optional.of(Nulls.check(newEdge, "with: newEdge")));
  }

  private static void check(boolean fits, String what, double value, String needed) {
    if (!fits) {
      throw new IllegalArgumentException(
          "guard: its " + what + " is " + value + "; " + needed + " would fit");
    }
  }

  /**
   * That of docs/self-tuning.md.
   *
   * @return tolerance 10, rise 0.3, cut 2
   */
  public static Guard standard() {
    return new Guard(10, 0.3, 2);
  }

  /**
   * The losses of a run so far.
   *
   * @param usual the usual norm of gradients; NaN as long as none is known, infinite once that does
   *     not count any more
   * @param norms of how many
   */
  record Losses(double mean, double deviation, double first, long jumps, double usual, long norms) {

    private static final double FIRST_DEVIATION = 0.02;

    /** Before the first one. */
    static final Losses NONE = new Losses(Double.NaN, Double.NaN, Double.NaN, 0, Double.NaN, 0);

    boolean isEmpty() {
      return Double.isNaN(mean);
    }

    /** After one that is as it should be; one that is no finite number says nothing. */
    Losses with(double loss) {
      if (!Double.isFinite(loss)) {
        return this;
      }
      if (isEmpty()) {
        return new Losses(loss, FIRST_DEVIATION * Math.abs(loss), loss, 0, usual, norms);
      }
      double away = 0.95 * deviation + 0.05 * Math.abs(loss - mean);
      return new Losses(0.9 * mean + 0.1 * loss, away, first, 0, usual, norms);
    }

    /** After one that has jumped, which may be noise. */
    Losses jumped(double loss) {
      return new Losses(mean, widened(loss), first, jumps + 1, usual, norms);
    }

    /** After one that is noise: so much of it as is usual counts. */
    Losses noise(double loss) {
      double most = mean + NOISE * deviation;
      return new Losses(
          0.9 * mean + 0.1 * Math.min(loss, most), widened(loss), first, 0, usual, norms);
    }

    /** After losses of which none was a number. */
    Losses after(long newJumps) {
      return new Losses(mean, deviation, first, newJumps, usual, norms);
    }

    /** With another usual norm of gradients. */
    Losses usually(double norm, long count) {
      return new Losses(mean, deviation, first, jumps, norm, count);
    }

    /** Where gradients are of other parameters from now on. */
    Losses ofOthers() {
      return Double.isInfinite(usual) ? this : usually(Double.NaN, 0);
    }

    private double widened(double loss) {
      double away = Math.min(Math.abs(loss - mean), NOISE * deviation);
      return Double.isNaN(away) ? deviation : 0.95 * deviation + 0.05 * away;
    }
  }

  /** Whether a loss has jumped. */
  boolean isJump(Losses before, double loss) {
    Nulls.check(before, "guard: before");
    if (!Double.isFinite(loss)) {
      return true;
    }
    if (before.isEmpty()) {
      return false;
    }
    double most =
        Math.min(
            before.mean + tolerance * before.deviation,
            before.first + Math.max(rise * Math.abs(before.first), NOISE * before.deviation));
    return loss > most;
  }

  String text() {
    return NAME
        + "("
        + Arguments.number(tolerance)
        + ", "
        + Arguments.number(rise)
        + ", "
        + Arguments.number(cut)
        + ")"
        + edge.map(found -> "+" + found.text()).orElse("");
  }
}
