package io.hypertape.predict;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.checks.Nulls;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How a {@link Predictor} works. {@link #DEFAULTS} is for the CPU: one call a processor at a time,
 * each on its caller's thread alone.
 *
 * @param session what a lane computes on. Its threads are those that a call may use, the caller's
 *     included: more than one make large models' calls shorter and those of all callers together
 *     fewer
 * @param lanes how many calls are computed at the same time, others wait; 0 for one a processor. On
 *     another backend than the CPU's there is one
 * @param batch examples of one call that are computed together at most; the others follow. Below 64
 *     an example's result has the same bits whatever it is computed with
 * @param example lengths of an example's axes, such as [3, 32, 32]; empty for those that a network
 *     has
 * @param batching whether calls are joined
 * @param warmUp how long opening may take for predictions of zeros, after which the first ones of a
 *     JVM take what they will take later on
 */
public record PredictorOptions(
    SessionOptions session,
    int lanes,
    int batch,
    List<Integer> example,
    Batching batching,
    Duration warmUp) {

  /** Most lanes, and most examples of a batch. */
  static final int MOST = 1024;

  /** One lane a processor, batches of 32, nothing joined, no warm-up. */
  public static final PredictorOptions DEFAULTS =
      new PredictorOptions(
          SessionOptions.of(Device.CPU).withThreads(1),
          0,
          32,
          List.of(),
          Batching.NONE,
          Duration.ZERO);

  /** Checks all numbers. */
  public PredictorOptions {
    Nulls.check(session, "predictor options: session");
    example = Nulls.copy(example, "predictor options: example");
    Nulls.check(batching, "predictor options: batching");
    Nulls.check(warmUp, "predictor options: warmUp");
    if (lanes < 0 || lanes > MOST) {
      throw new IllegalArgumentException(
          "lanes is " + lanes + "; 1 to " + MOST + " fit, and 0 for one a processor");
    }
    if (batch < 1 || batch > MOST) {
      throw new IllegalArgumentException("batch is " + batch + "; 1 to " + MOST + " fit");
    }
    if (example.stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException(
          "example is " + example + "; lengths of axes, from 1 on, are needed");
    }
    if (warmUp.isNegative()) {
      throw new IllegalArgumentException("warmUp is " + warmUp + "; 0 or more is needed");
    }
  }

  /**
   * The same on another backend, or with other threads.
   *
   * @param newSession what a lane computes on
   * @return the options
   */
  public PredictorOptions withSession(SessionOptions newSession) {
    Nulls.check(newSession, "predictor options: newSession");
    return new PredictorOptions(newSession, lanes, batch, example, batching, warmUp);
  }

  /**
   * The same with a number of calls at the same time.
   *
   * @param newLanes how many; 0 for one a processor
   * @return the options
   */
  public PredictorOptions withLanes(int newLanes) {
    return new PredictorOptions(session, newLanes, batch, example, batching, warmUp);
  }

  /**
   * The same with batches of a size.
   *
   * @param newBatch examples of one call that are computed together at most
   * @return the options
   */
  public PredictorOptions withBatch(int newBatch) {
    return new PredictorOptions(session, lanes, newBatch, example, batching, warmUp);
  }

  /**
   * The same for examples of a shape.
   *
   * @param lengths of an example's axes
   * @return the options
   */
  public PredictorOptions withExample(int... lengths) {
    Nulls.check(lengths, "predictor options: lengths");
    List<Integer> shape = Arrays.stream(lengths).boxed().toList();
    return new PredictorOptions(session, lanes, batch, shape, batching, warmUp);
  }

  /**
   * The same with calls that are joined, or not.
   *
   * @param newBatching how
   * @return the options
   */
  public PredictorOptions withBatching(Batching newBatching) {
    Nulls.check(newBatching, "predictor options: newBatching");
    return new PredictorOptions(session, lanes, batch, example, newBatching, warmUp);
  }

  /**
   * The same with a time for predictions of zeros. They end sooner where the session's kernels are
   * compiled: on the CPU that takes seconds, and less where the JVM has predicted before.
   *
   * @param newWarmUp how long opening may take for them
   * @return the options
   */
  public PredictorOptions withWarmUp(Duration newWarmUp) {
    Nulls.check(newWarmUp, "predictor options: newWarmUp");
    return new PredictorOptions(session, lanes, batch, example, batching, newWarmUp);
  }
}
