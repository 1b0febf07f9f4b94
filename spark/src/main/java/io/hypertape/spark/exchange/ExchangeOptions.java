package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import java.time.Duration;

/**
 * How long workers wait for each other, and whether unlike ones may share a job.
 *
 * @param meeting how long until all workers are connected
 * @param patience how long a worker that is waited for may be silent within a sum; whoever has it
 *     further away in the tree waits a little longer, so that its neighbour names it
 * @param unlike what becomes of workers whose {@link Fingerprint}s differ
 */
public record ExchangeOptions(Duration meeting, Duration patience, Unlike unlike) {

  /** A minute to meet, two for a silent worker; unlike ones are refused. */
  public static final ExchangeOptions DEFAULT =
      new ExchangeOptions(Duration.ofMinutes(1), Duration.ofMinutes(2), Unlike.REFUSED);

  /** What becomes of workers whose bits could differ. */
  public enum Unlike {
    /** They do not meet, and say what differs. */
    REFUSED,
    /** They work together; what differs is logged. */
    TOLERATED
  }

  /** Checks that times are times. */
  public ExchangeOptions {
    Nulls.check(meeting, "exchange options: meeting");
    Nulls.check(patience, "exchange options: patience");
    Nulls.check(unlike, "exchange options: unlike");
    check(meeting, "meeting");
    check(patience, "patience");
  }

  private static void check(Duration time, String name) {
    if (time.toMillis() < 1 || time.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "exchange options: " + name + " is " + time + "; from 1 ms to a day is needed");
    }
  }

  /**
   * The same with another time to meet.
   *
   * @param newMeeting how long until all workers are connected
   * @return the changed options
   */
  public ExchangeOptions withMeeting(Duration newMeeting) {
    Nulls.check(newMeeting, "exchange options: newMeeting");
    return new ExchangeOptions(newMeeting, patience, unlike);
  }

  /**
   * The same with another patience.
   *
   * @param newPatience how long a worker may be silent
   * @return the changed options
   */
  public ExchangeOptions withPatience(Duration newPatience) {
    Nulls.check(newPatience, "exchange options: newPatience");
    return new ExchangeOptions(meeting, newPatience, unlike);
  }

  /**
   * The same with another answer to unlike workers.
   *
   * @param newUnlike what becomes of them
   * @return the changed options
   */
  public ExchangeOptions withUnlike(Unlike newUnlike) {
    Nulls.check(newUnlike, "exchange options: newUnlike");
    return new ExchangeOptions(meeting, patience, newUnlike);
  }
}
