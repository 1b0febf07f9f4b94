package io.hypertape.run;

import io.hypertape.optim.HyperparameterValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A loss that is no finite number; the message has the step and every hyperparameter's value. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MOST = 12;

  /** Number of the step, from 1. */
  private final long step;

  DivergedException(
      long step, double loss, List<HyperparameterValue> hyperparameters, String cause) {
    super(
        (step == 1
                ? "failed at step 1: the loss is "
                : "diverged at step " + step + ": the loss is ")
            + loss
            + (cause.isEmpty() ? "" : " (" + cause + ")")
            + " with "
            + described(hyperparameters));
    this.step = step;
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
}
