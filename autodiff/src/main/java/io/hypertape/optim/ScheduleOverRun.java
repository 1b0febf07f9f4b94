package io.hypertape.optim;

/** A schedule that lasts as long as the run: its factors are known once {@link #over} is told. */
public sealed interface ScheduleOverRun extends StepSchedule {

  /**
   * How its length is written.
   *
   * @return such as {@code cosine(5000)}
   */
  String example();

  @Override
  default double factor(long step) {
    String example = example();
    throw new IllegalArgumentException(
        example.substring(0, example.indexOf('('))
            + ": it lasts as long as the run, whose length is not known here; write the number of"
            + " steps, as in "
            + example
            + ", or give it to Tower.over");
  }

  /** See {@link StepSchedule#cosine()}. */
  record CosineOverRun() implements ScheduleOverRun {
    @Override
    public String example() {
      return "cosine(5000)";
    }

    @Override
    public StepSchedule over(long steps) {
      return new Cosine(steps);
    }

    @Override
    public String text() {
      return "cosine";
    }
  }

  /**
   * See {@link StepSchedule#decay(double)}.
   *
   * @param fraction how long the fall is, of the whole
   */
  record LinearDecayOverRun(double fraction) implements ScheduleOverRun {
    /** Checks the number. */
    public LinearDecayOverRun {
      Arguments.share("decay", "fraction", fraction);
    }

    @Override
    public String example() {
      return "decay(" + Arguments.number(fraction) + ", 5000)";
    }

    @Override
    public StepSchedule over(long steps) {
      return new LinearDecay(fraction, steps);
    }

    @Override
    public StepSchedule openEnded() {
      return new OnDemand();
    }

    @Override
    public String text() {
      return "decay(" + Arguments.number(fraction) + ")";
    }
  }
}
