package io.hypertape.benchmarks.parts;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.cli.spi.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Runs the parts of experiments that are not kept yet, several at once, each with a session of its
 * own on the thread that runs it.
 */
public final class Runner {

  /** What becomes of the other parts when one fails. */
  public enum OnFailure {
    /** They end at once. */
    STOP,
    /** They are run as if it had not; the failure is told after them. */
    GO_ON
  }

  private final Store store;
  private final SessionOptions options;
  private final int jobs;
  private final BooleanSupplier interrupted;
  private final PrintStream err;
  private final OnFailure policy;
  private final Map<Part, Outcome> known = new LinkedHashMap<>();

  /**
   * A runner that ends when a part fails.
   *
   * @param store keeps results
   * @param options of every part's session
   * @param jobs parts that run at once
   * @param interrupted whether the user wants the run to end
   * @param err where to tell how it goes
   */
  public Runner(
      Store store, SessionOptions options, int jobs, BooleanSupplier interrupted, PrintStream err) {
    this(store, options, jobs, interrupted, err, OnFailure.STOP);
  }

  /**
   * A runner.
   *
   * @param store keeps results
   * @param options of every part's session
   * @param jobs parts that run at once
   * @param interrupted whether the user wants the run to end
   * @param err where to tell how it goes
   * @param policy what becomes of the other parts when one fails
   */
  public Runner(
      Store store,
      SessionOptions options,
      int jobs,
      BooleanSupplier interrupted,
      PrintStream err,
      OnFailure policy) {
    this.store = store;
    this.options = options;
    this.jobs = jobs;
    this.interrupted = interrupted;
    this.err = err;
    this.policy = policy;
  }

  /**
   * What has run, now or before.
   *
   * @return the results, which later ones join
   */
  public Results results() {
    return part -> Optional.ofNullable(known.get(part));
  }

  /**
   * Runs what is missing of an experiment.
   *
   * @param experiment the experiment
   * @param following those that come after it, for the time left
   * @return whether all of it is done; not so if it was interrupted
   * @throws IOException if a part fails
   */
  public boolean run(Experiment experiment, List<Experiment> following) throws IOException {
    List<Part> missing = missing(experiment);
    while (!missing.isEmpty()) {
      long later = experiment.laterSteps(results());
      for (Experiment other : following) {
        // In steps of this one, which the time left is reckoned in.
        later +=
            Math.round(
                (steps(missing(other)) + other.laterSteps(results()))
                    * (other.stepSeconds() / experiment.stepSeconds()));
      }
      Track track =
          new Track(err, Terminal.isInteractive(), steps(missing) + later, missing.size());
      try {
        runAll(missing, track);
      } finally {
        track.close();
      }
      if (isInterrupted()) {
        return false;
      }
      missing = missing(experiment);
    }
    return true;
  }

  private static long steps(List<Part> parts) {
    return parts.stream().mapToLong(Part::steps).sum();
  }

  /** Parts that are neither known nor kept; what is found may name further ones. */
  private List<Part> missing(Experiment experiment) throws IOException {
    Set<Part> missing = new LinkedHashSet<>();
    boolean found = true;
    while (found) {
      found = false;
      missing.clear();
      for (Part part : experiment.parts(results())) {
        if (!known.containsKey(part)) {
          Optional<Outcome> kept = store.find(part);
          if (kept.isPresent()) {
            known.put(part, kept.get());
            found = true;
          } else {
            missing.add(part);
          }
        }
      }
    }
    return List.copyOf(missing);
  }

  private void runAll(List<Part> parts, Track track) throws IOException {
    List<Part> together =
        parts.stream().filter(part -> part.company() == Part.Company.ANY).toList();
    List<Part> alone = parts.stream().filter(part -> part.company() == Part.Company.NONE).toList();
    runPool(together, Math.min(jobs, Math.max(together.size(), 1)), track);
    runPool(alone, 1, track);
  }

  private void runPool(List<Part> parts, int threads, Track track) throws IOException {
    AtomicBoolean failed = new AtomicBoolean();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (Part part : parts) {
        all.add(
            pool.submit(
                () -> {
                  runOne(part, track, failed);
                  return null;
                }));
      }
      List<IOException> failures = new ArrayList<>();
      for (Future<?> one : all) {
        try {
          await(one);
        } catch (IOException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        IOException first = failures.removeFirst();
        failures.forEach(first::addSuppressed);
        throw first;
      }
    }
  }

  private static void await(Future<?> part) throws IOException {
    try {
      part.get();
    } catch (InterruptedException e) {
      // Closing the pool ends what is running.
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private void runOne(Part part, Track track, AtomicBoolean failed) throws IOException {
    if (isInterrupted() || failed.get()) {
      return;
    }
    Track.Lane lane = track.lane(part);
    long start = System.nanoTime();
    try {
      Outcome outcome = part.run(new Place(lane, failed));
      double seconds = (System.nanoTime() - start) * 1e-9;
      store.keep(part, outcome, seconds);
      synchronized (known) {
        known.put(part, outcome);
      }
      lane.done(part.told(outcome), seconds);
    } catch (StoppedException e) {
      // It is run again the next time.
    } catch (IOException | RuntimeException e) {
      // Ctrl-C ends a part's own processes, too.
      if (!isInterrupted()) {
        failed.set(policy == OnFailure.STOP);
        throw new IOException(part.label() + ": " + e.getMessage(), e);
      }
    }
  }

  /** By the user, or by whoever runs this on a thread of theirs. */
  private boolean isInterrupted() {
    return interrupted.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  private final class Place implements Conditions {
    private final Track.Lane lane;
    private final AtomicBoolean failed;

    private Place(Track.Lane lane, AtomicBoolean failed) {
      this.lane = lane;
      this.failed = failed;
    }

    @Override
    public Session open() {
      return Session.open(options.withThreads(1));
    }

    @Override
    public boolean stops() {
      return failed.get() || isInterrupted();
    }

    @Override
    public void step() {
      lane.step();
    }
  }
}
