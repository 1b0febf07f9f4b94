package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.HyperparameterValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A loss that is no finite number, or a model that has such numbers; the message has the step and
 * every hyperparameter's value.
 */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MOST = 12;
  private static final String ADVICE =
      "; a smaller step size, or gradients that are clipped (clip=1 after the tower's levels), may"
          + " keep them finite";

  /** Number of the step, from 1. */
  private final long step;

  DivergedException(
      long step, double loss, List<HyperparameterValue> hyperparameters, String cause) {
    this(
        step,
        (step == 1
                ? "failed at step 1: the loss is "
                : "diverged at step " + step + ": the loss is ")
            + loss
            + (cause.isEmpty() ? "" : " (" + cause + ")")
            + " with "
            + described(hyperparameters)
            // At the first step nothing has been updated yet.
            + (step == 1 || !cause.isEmpty() ? "" : ADVICE),
        null);
  }

  private DivergedException(long step, String message, Throwable cause) {
    super(message, cause);
    this.step = step;
  }

  /** After a step whose loss was a number, and whose update left some that are none. */
  static DivergedException after(
      long step, int epoch, String found, List<HyperparameterValue> hyperparameters) {
    return new DivergedException(
        step,
        "diverged at step "
            + step
            + ", in epoch "
            + epoch
            + ": after its update "
            + found
            + ", with "
            + described(hyperparameters)
            + ADVICE,
        null);
  }

  private static String described(List<HyperparameterValue> values) {
    String text =
        values.stream()
            .limit(MOST)
            .map(v -> String.format(Locale.ROOT, "%s=%.6g", v.label(), v.value()))
            .collect(Collectors.joining(", "));
    return values.size() > MOST ? text + ", …" : text;
  }

  /**
   * Where it happened.
   *
   * @return number of the step, from 1
   */
  public long step() {
    return step;
  }

  /**
   * The same with more to say, as what became of the run's files.
   *
   * @param more a clause that follows the message
   * @return the exception, caused by this one
   */
  public DivergedException saying(String more) {
    Nulls.check(more, "saying: more");
    return new DivergedException(step, getMessage() + "; " + more, this);
  }
}
