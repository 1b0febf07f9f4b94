package io.hypertape.cli;

import io.hypertape.optim.StepSchedule;

/**
 * A schedule as it is written on the command line; how long a cosine lasts is known only when the
 * run's length is.
 *
 * @param text as it was written
 * @param warmUp steps before the rest begins, 0 for none
 * @param shape what the rest is
 * @param every steps between the falls of {@link Shape#STEP}
 * @param factor of each fall of {@link Shape#STEP}
 */
record ScheduleText(String text, long warmUp, Shape shape, long every, double factor) {

  enum Shape {
    CONSTANT,
    STEP,
    COSINE
  }

  private static final String KNOWN =
      "constant, step:EVERY:FACTOR, cosine and warmup:STEPS[,SCHEDULE] are known, as in"
          + " warmup:500,cosine";

  static ScheduleText parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length > 2) {
      throw wrong(text, "at most a warm-up and another");
    }
    long warmUp = 0;
    String rest = parts[0];
    if (parts[0].startsWith("warmup:")) {
      warmUp = steps(text, parts[0].substring("warmup:".length()));
      rest = parts.length == 2 ? parts[1] : "constant";
    } else if (parts.length == 2) {
      throw wrong(text, "only a warm-up has another after it");
    }
    String[] words = rest.split(":", -1);
    if (rest.equals("constant")) {
      return new ScheduleText(text, warmUp, Shape.CONSTANT, 0, 1);
    }
    if (rest.equals("cosine")) {
      return new ScheduleText(text, warmUp, Shape.COSINE, 0, 1);
    }
    if (words[0].equals("step") && words.length == 3) {
      return new ScheduleText(
          text, warmUp, Shape.STEP, steps(text, words[1]), factor(text, words[2]));
    }
    throw wrong(text, "'" + rest + "' is unknown");
  }

  private static long steps(String text, String number) {
    try {
      long steps = Long.parseLong(number);
      if (steps >= 1) {
        return steps;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number that is too small.
    }
    throw wrong(text, "'" + number + "' is no number of steps");
  }

  private static double factor(String text, String number) {
    try {
      double factor = Double.parseDouble(number);
      if (factor > 0 && factor < Double.POSITIVE_INFINITY) {
        return factor;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number that does not fit.
    }
    throw wrong(text, "'" + number + "' is no factor above 0");
  }

  private static IllegalArgumentException wrong(String text, String problem) {
    return new IllegalArgumentException("schedule '" + text + "': " + problem + "; " + KNOWN);
  }

  /** The schedule of a run of so many steps. */
  StepSchedule over(long steps) {
    StepSchedule rest =
        switch (shape) {
          case CONSTANT -> StepSchedule.constant();
          case STEP -> StepSchedule.step(every, factor);
          case COSINE -> StepSchedule.cosine(Math.max(1, steps - warmUp));
        };
    return warmUp == 0 ? rest : StepSchedule.warmUp(warmUp, rest);
  }

  @Override
  public String toString() {
    return text;
  }
}
