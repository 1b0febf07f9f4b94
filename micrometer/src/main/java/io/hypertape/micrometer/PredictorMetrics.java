package io.hypertape.micrometer;

import io.hypertape.checks.Nulls;
import io.hypertape.predict.Predictor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A predictor whose calls are measured, for any registry of Micrometer's: asked instead of the
 * predictor itself, by as many threads. The predictor stays its owner's to close.
 *
 * <table>
 *   <caption>Its meters</caption>
 *   <tr><th>name</th><th>kind</th><th>what it is</th></tr>
 *   <tr><td>{@code hypertape.predictor.calls}</td><td>timer</td>
 *       <td>a call, from asking to the result, its waiting for other calls included</td></tr>
 *   <tr><td>{@code hypertape.predictor.examples}</td><td>distribution summary</td>
 *       <td>examples of a call</td></tr>
 *   <tr><td>{@code hypertape.predictor.failures}</td><td>counter</td>
 *       <td>calls that were refused, interrupted or failed</td></tr>
 *   <tr><td>{@code hypertape.predictor.active}</td><td>gauge</td>
 *       <td>calls that are computed or wait</td></tr>
 * </table>
 */
public final class PredictorMetrics implements MeterBinder {

  private static final String NAME = "hypertape.predictor.";

  private final Predictor predictor;
  private final Tags tags;
  private final AtomicInteger active = new AtomicInteger();
  private final List<CallMeters> meters = new CopyOnWriteArrayList<>();

  /** What is counted in each registry. */
  private record CallMeters(Timer time, DistributionSummary examples, Counter failures) {}

  /** A call. */
  private interface Work<T> {
    T run();
  }

  /**
   * Meters without tags of their own.
   *
   * @param predictor who computes
   */
  public PredictorMetrics(Predictor predictor) {
    this(predictor, Tags.empty());
  }

  /**
   * Meters with tags.
   *
   * @param predictor who computes
   * @param tags of all of them, such as {@code model=digits}
   */
  public PredictorMetrics(Predictor predictor, Tags tags) {
    this.predictor = Nulls.check(predictor, "predictor metrics: predictor");
    this.tags = Nulls.check(tags, "predictor metrics: tags");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Nulls.check(registry, "predictor metrics: registry");
    Gauge.builder(NAME + "active", active, AtomicInteger::get)
        .description("Calls that are computed or wait")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    meters.add(
        new CallMeters(
            Timer.builder(NAME + "calls")
                .description("A call, its waiting for other calls included")
                .tags(tags)
                .register(registry),
            DistributionSummary.builder(NAME + "examples")
                .description("Examples of a call")
                .tags(tags)
                .register(registry),
            Counter.builder(NAME + "failures")
                .description("Calls that were refused, interrupted or failed")
                .tags(tags)
                .register(registry)));
  }

  private <T> T measured(int n, Work<T> work) {
    long begin = System.nanoTime();
    active.incrementAndGet();
    try {
      T result = work.run();
      long taken = System.nanoTime() - begin;
      for (CallMeters each : meters) {
        each.time().record(taken, TimeUnit.NANOSECONDS);
        each.examples().record(n);
      }
      return result;
    } catch (RuntimeException | Error e) {
      for (CallMeters each : meters) {
        each.failures().increment();
      }
      throw e;
    } finally {
      active.decrementAndGet();
    }
  }

  /**
   * Predicts for one example, as {@link Predictor#predict(float[])} does.
   *
   * @param example its numbers, row-major
   * @return the result
   */
  public float[] predict(float[] example) {
    Nulls.check(example, "predict: example");
    return measured(1, () -> predictor.predict(example));
  }

  /**
   * Predicts for several examples, as {@link Predictor#predict(float[], int)} does.
   *
   * @param examples their numbers, one example after the other
   * @param n how many examples
   * @return their results, one after the other
   */
  public float[] predict(float[] examples, int n) {
    Nulls.check(examples, "predict: examples");
    return measured(n, () -> predictor.predict(examples, n));
  }

  /**
   * Predicts for several examples, as {@link Predictor#predict(float[], int, float[])} does.
   *
   * @param examples their numbers, one example after the other
   * @param n how many examples
   * @param into room for exactly their results; another array than the examples'
   */
  public void predict(float[] examples, int n, float[] into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    measured(
        n,
        () -> {
          predictor.predict(examples, n, into);
          return into;
        });
  }
}
