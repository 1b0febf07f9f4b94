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
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A predictor whose calls are measured, for any registry of Micrometer's: asked instead of the
 * predictor itself, by as many threads. The predictor stays its owner's to close; what it computes
 * counts whoever asked for it.
 *
 * <table>
 *   <caption>Its meters</caption>
 *   <tr><th>name</th><th>kind</th><th>what it is</th></tr>
 *   <tr><td>{@code hypertape.predictor.calls}</td><td>timer</td>
 *       <td>a call, from asking to the result, its waiting for other calls included</td></tr>
 *   <tr><td>{@code hypertape.predictor.examples}</td><td>distribution summary</td>
 *       <td>examples of a call</td></tr>
 *   <tr><td>{@code hypertape.predictor.batch}</td><td>distribution summary</td>
 *       <td>calls that were computed together, 1 where they are not joined</td></tr>
 *   <tr><td>{@code hypertape.predictor.wait}</td><td>timer</td>
 *       <td>from when a computation's first call came to when it was begun</td></tr>
 *   <tr><td>{@code hypertape.predictor.compute}</td><td>timer</td><td>a computation</td></tr>
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
  private record CallMeters(
      Timer time,
      DistributionSummary examples,
      DistributionSummary batch,
      Timer waiting,
      Timer compute,
      Counter failures) {}

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
    predictor.addListener(
        (calls, examples, waited, nanos) -> {
          for (CallMeters each : meters) {
            each.batch().record(calls);
            each.waiting().record(waited, TimeUnit.NANOSECONDS);
            each.compute().record(nanos, TimeUnit.NANOSECONDS);
          }
        });
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
            timer("calls", "A call, its waiting for other calls included", registry),
            summary("examples", "Examples of a call", registry),
            summary("batch", "Calls that were computed together", registry),
            timer("wait", "From a computation's first call to its begin", registry),
            timer("compute", "A computation", registry),
            Counter.builder(NAME + "failures")
                .description("Calls that were refused, interrupted or failed")
                .tags(tags)
                .register(registry)));
  }

  private Timer timer(String name, String what, MeterRegistry registry) {
    return Timer.builder(NAME + name).description(what).tags(tags).register(registry);
  }

  private DistributionSummary summary(String name, String what, MeterRegistry registry) {
    return DistributionSummary.builder(NAME + name).description(what).tags(tags).register(registry);
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

  private <T> void measured(int n, T into, Runnable work) {
    measured(
        n,
        () -> {
          work.run();
          return into;
        });
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
    measured(n, into, () -> predictor.predict(examples, n, into));
  }

  /**
   * Predicts for several examples, as {@link Predictor#predict(FloatBuffer, int, FloatBuffer)}
   * does.
   *
   * @param examples their numbers, from the buffer's position to its limit
   * @param n how many examples
   * @param into room for exactly their results, from position to limit
   */
  public void predict(FloatBuffer examples, int n, FloatBuffer into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    measured(n, into, () -> predictor.predict(examples, n, into));
  }

  /**
   * Predicts for several examples, as {@link Predictor#predict(MemorySegment, int, MemorySegment)}
   * does.
   *
   * @param examples their numbers, float32 of the machine's byte order
   * @param n how many examples
   * @param into room for exactly their results
   */
  public void predict(MemorySegment examples, int n, MemorySegment into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    measured(n, into, () -> predictor.predict(examples, n, into));
  }
}
