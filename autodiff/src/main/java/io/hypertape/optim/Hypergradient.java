package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * Where a level that tunes hyperparameters gets their gradients from, and what becomes of these
 * before its optimizer sees them. As text, {@code tape} (the paper's), {@code
 * trace(-0.5)+max+held+restart(8, 0.125)} or {@code agreement(0.5)}; see docs/self-tuning.md.
 *
 * @param source what is measured
 * @param normalized whether it is divided by the largest size that it has had, so that it has no
 *     scale
 * @param limit what its size is cut to afterwards; infinite for no limit
 * @param warmUp number of updates, the first ones, in which what is tuned stands still
 * @param held whether what is tuned stands still while the schedule's factor is below 1
 * @param drop a restart comes each time that the step size's logarithm is ln(drop) below where it
 *     has been: the trace is then forgotten; infinite for none
 * @param rest how long what is tuned then stands still, as a share of the updates so far, but at
 *     least {@value #MIN_REST}
 */
public record Hypergradient(
    Source source,
    boolean normalized,
    double limit,
    long warmUp,
    boolean held,
    double drop,
    double rest) {

  /** Updates that a restart needs at least before its trace is worth something. */
  static final int MIN_REST = 10;

  static final String NORMALIZED = "max";
  static final String LIMIT = "clip";
  static final String WARM_UP = "warmup";
  static final String HELD = "held";
  static final String RESTART = "restart";

  /** What a hypergradient is made of. */
  public sealed interface Source {
    /**
     * As text.
     *
     * @return such as {@code trace(-0.5)}
     */
    String text();
  }

  /**
   * The derivative through the last update, which the tape recorded (paper, section 2.2): exact for
   * one step, and short-sighted.
   */
  public record Recorded() implements Source {
    @Override
    public String text() {
      return "tape";
    }
  }

  /**
   * The derivative through all updates of a run, but for the Hessian between them: the cosine of
   * the angle between the weights' gradient and a trace e. For the logarithm of a step size e = w −
   * x̄, where x̄ is a running mean of the weights. As e' = (1 − c)·e − α·u, with c = (γ + 1)/(n +
   * γ) after n updates, its last term is ∂w/∂ln α of the last update, and the others are
   * eligibility traces of those before, of weight (k/n)^(γ+1) for update k of n. For each other
   * hyperparameter η (momentum, βs, weight decay), in its stored form, e is carried along with the
   * updates by their Jacobian J: (e', ṡ') = J·((1 − c)·e, ṡ, 1), with the derivatives ṡ of the
   * optimizer's states, gradients counting as numbers; with γ = −1, exactly ∂w/∂η but for the
   * Hessians. Each gives one number, which is no derivative any more but has its sign: it is free
   * of scale.
   *
   * @param gamma how short the memory is: −1 for the distance from the first weights, 0 for that
   *     from their mean, larger for a mean of later ones
   */
  public record Eligibility(double gamma) implements Source {
    /** Checks the number. */
    public Eligibility {
      if (!(gamma >= -1) || Double.isInfinite(gamma)) {
        throw new IllegalArgumentException(
            "trace: gamma is " + gamma + "; a finite number of -1 or more is needed");
      }
    }

    @Override
    public String text() {
      return "trace(" + Arguments.number(gamma) + ")";
    }
  }

  /**
   * How far the last two hypergradients h, h' of the level below agree, for the step size by which
   * it descends: −(h·h' − δ). The paper's derivative for a second level is −κ·h·h', of which this
   * is the part without scale, less what h·h' must exceed for the step size to rise.
   *
   * @param threshold δ
   */
  public record Agreement(double threshold) implements Source {
    /** Checks the number. */
    public Agreement {
      if (!Double.isFinite(threshold)) {
        throw new IllegalArgumentException(
            "agreement: the threshold is " + threshold + "; a finite number is needed");
      }
    }

    @Override
    public String text() {
      return "agreement(" + Arguments.number(threshold) + ")";
    }
  }

  /** Checks the numbers. */
  public Hypergradient {
    Nulls.check(source, "hypergradient: source");
    check(limit > 0, LIMIT, limit, "a number above 0");
    check(warmUp >= 0, WARM_UP, warmUp, "0 or more updates");
    check(drop > 1, RESTART, drop, "a factor above 1");
    check(rest >= 0 && Double.isFinite(rest), RESTART, rest, "a share of 0 or more");
    if (Double.isFinite(drop) && !(source instanceof Eligibility)) {
      throw new IllegalArgumentException(
          RESTART + ": " + source.text() + " has no trace to forget; trace(-0.5) has one");
    }
  }

  private static void check(boolean fits, String what, double value, String needed) {
    if (!fits) {
      throw new IllegalArgumentException(
          what + ": " + Arguments.number(value) + "; " + needed + " is needed");
    }
  }

  private static Hypergradient of(Source source) {
    return new Hypergradient(source, false, Double.POSITIVE_INFINITY, 0, false, 1 / 0.0, 0);
  }

  /**
   * The paper's.
   *
   * @return {@link Recorded}
   */
  public static Hypergradient tape() {
    return of(new Recorded());
  }

  /**
   * One with a long memory.
   *
   * @param gamma see {@link Eligibility}
   * @return {@link Eligibility}
   */
  public static Hypergradient trace(double gamma) {
    return of(new Eligibility(gamma));
  }

  /**
   * What tunes the step size of tuning.
   *
   * @param threshold see {@link Agreement}
   * @return {@link Agreement}
   */
  public static Hypergradient agreement(double threshold) {
    return of(new Agreement(threshold));
  }

  /**
   * Divided by the largest size that it has had.
   *
   * @return the changed hypergradient
   */
  public Hypergradient byLargest() {
    return new Hypergradient(source, true, limit, warmUp, held, drop, rest);
  }

  /**
   * Cut to a size.
   *
   * @param newLimit above 0
   * @return the changed hypergradient
   */
  public Hypergradient clippedTo(double newLimit) {
    return new Hypergradient(source, normalized, newLimit, warmUp, held, drop, rest);
  }

  /**
   * What is tuned stands still at first.
   *
   * @param updates how long, 0 or more
   * @return the changed hypergradient
   */
  public Hypergradient after(long updates) {
    return new Hypergradient(source, normalized, limit, updates, held, drop, rest);
  }

  /**
   * What is tuned stands still while the schedule's factor is below 1.
   *
   * @return the changed hypergradient
   */
  public Hypergradient heldInDecay() {
    return new Hypergradient(source, normalized, limit, warmUp, true, drop, rest);
  }

  /**
   * The trace is forgotten each time that a step size that was too large has been turned down: it
   * would push it further down than is good, down to nothing.
   *
   * @param newDrop by what factor it has come down then, above 1
   * @param newRest how long it then stands still, as a share of the updates so far
   * @return the changed hypergradient
   */
  public Hypergradient restartedAfter(double newDrop, double newRest) {
    return new Hypergradient(source, normalized, limit, warmUp, held, newDrop, newRest);
  }

  /** Whether gradients are what the tape gives, as in the paper. */
  boolean isPlain() {
    return equals(tape());
  }

  /** Whether the tape's derivative is needed. */
  boolean isFromTape() {
    return source instanceof Recorded;
  }

  boolean restarts() {
    return Double.isFinite(drop);
  }

  /** As a tower's text has it. */
  String text() {
    StringBuilder text = new StringBuilder(source.text());
    if (normalized) {
      text.append('+').append(NORMALIZED);
    }
    if (Double.isFinite(limit)) {
      text.append('+').append(LIMIT).append('(').append(Arguments.number(limit)).append(')');
    }
    if (warmUp > 0) {
      text.append('+').append(WARM_UP).append('(').append(warmUp).append(')');
    }
    if (held) {
      text.append('+').append(HELD);
    }
    if (restarts()) {
      text.append('+').append(RESTART).append('(').append(Arguments.number(drop)).append(", ");
      text.append(Arguments.number(rest)).append(')');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
