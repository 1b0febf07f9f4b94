package io.hypertape.run;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TowerSnapshot;
import io.hypertape.shards.Shards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Everything that decides the rest of a run: what its tower's last update was computed from, with
 * weights, hyperparameters, gradients and states of every level; running statistics; the state that
 * a recurrent model carries; where dropout masks and the data stand. As a file it is in the
 * safetensors format, in the precision of the run.
 */
public final class RunState {

  private static final String FORMAT = "hypertape";
  private static final String VERSION = "run-state-2";
  private static final String TOWER = "tower";
  private static final String STEPS = "steps";
  private static final String EPOCH = "epoch";
  private static final String BATCHES = "batches";
  private static final String LOSS_SUM = "loss_sum";
  private static final String SEED = "seed";
  private static final String BATCH = "batch";
  private static final String SHARDS = "shards";
  private static final String NO_SHARDS = "none";
  private static final String COOL_DOWN_END = "cool_down_end";
  private static final String ENDING = "ending";
  private static final String BEST_METRIC = "best_metric";
  private static final String BEST = "best";
  private static final String DROPOUT = "dropout.";
  private static final String NOTE = "note.";
  private static final String TOWER_PART = "tower/";
  private static final String BUFFER_PART = "buffer/";
  private static final String CARRIED_PART = "carried/";
  private static final String BEST_PART = "best/";

  private final StateNumbers numbers;
  private final Map<String, String> metadata;
  private final String tower;
  private final long steps;
  private final Progress progress;
  private final OptionalLong coolDownEnd;
  private final Optional<EndingState> ending;
  private final OptionalDouble best;

  private RunState(StateNumbers numbers, Map<String, String> metadata) throws SafetensorsException {
    this.numbers = numbers;
    this.metadata = metadata;
    if (!VERSION.equals(metadata.get(FORMAT))) {
      throw new SafetensorsException(
          metadata.containsKey(FORMAT)
              ? "a state of a run in the form "
                  + metadata.get(FORMAT)
                  + "; this program knows "
                  + VERSION
              : "no state of a run; a run's folder has one in state.safetensors");
    }
    this.tower = text(TOWER);
    this.steps = whole(STEPS, 0);
    this.progress =
        new Progress(
            (int) Math.min(whole(EPOCH, 1), Integer.MAX_VALUE),
            whole(BATCHES, 0),
            number(LOSS_SUM));
    this.coolDownEnd =
        metadata.containsKey(COOL_DOWN_END)
            ? OptionalLong.of(whole(COOL_DOWN_END, 1))
            : OptionalLong.empty();
    this.ending =
        metadata.containsKey(ENDING)
            ? Optional.of(EndingState.parse(text(ENDING)))
            : Optional.empty();
    this.best =
        metadata.containsKey(BEST_METRIC)
            ? OptionalDouble.of(number(BEST))
            : OptionalDouble.empty();
  }

  private String text(String key) throws SafetensorsException {
    String text = metadata.get(key);
    if (text == null) {
      throw new SafetensorsException("the state of a run lacks " + key + " in its metadata");
    }
    return text;
  }

  private long whole(String key, long least) throws SafetensorsException {
    try {
      long value = Long.parseLong(text(key));
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number that is too small.
    }
    throw new SafetensorsException(
        "the state of a run has " + key + " '" + text(key) + "'; a number from " + least + " fits");
  }

  private double number(String key) throws SafetensorsException {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw new SafetensorsException(
          "the state of a run has " + key + " '" + text(key) + "', which is no number");
    }
  }

  /** The state of a run as it is now, away from the backend. */
  static RunState of(
      Session session,
      Progress at,
      TrainingOptions options,
      TowerOptimizer optimizer,
      Kept kept,
      Optional<EndingState> ending,
      Optional<? extends BestWeights<?>> best) {
    TowerSnapshot snapshot = optimizer.snapshot();
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT, VERSION);
    metadata.put(TOWER, snapshot.tower());
    metadata.put(STEPS, Long.toString(snapshot.steps()));
    metadata.put(EPOCH, Integer.toString(at.epoch()));
    metadata.put(BATCHES, Long.toString(at.batches()));
    metadata.put(LOSS_SUM, Double.toString(at.lossSum()));
    metadata.put(SEED, Long.toString(options.seed()));
    metadata.put(BATCH, Integer.toString(options.batch()));
    options.shards().ifPresent(shards -> metadata.put(SHARDS, shards.text()));
    optimizer.coolDownEnd().ifPresent(end -> metadata.put(COOL_DOWN_END, Long.toString(end)));
    ending.ifPresent(now -> metadata.put(ENDING, now.text()));
    for (int k = 0; k < kept.counters().size(); k++) {
      metadata.put(DROPOUT + k, text(kept.counters().get(k)));
    }
    StateNumbers numbers = new StateNumbers();
    snapshot.tensors().forEach((name, tensor) -> numbers.put(session, TOWER_PART + name, tensor));
    kept.buffers().forEach(buffer -> numbers.put(session, BUFFER_PART, buffer));
    if (at.batches() > 0) {
      kept.carried().forEach(carried -> numbers.put(session, CARRIED_PART, carried));
    }
    if (best.isPresent() && Double.isFinite(best.get().value())) {
      metadata.put(BEST_METRIC, best.get().metric().text());
      metadata.put(BEST, Double.toString(best.get().value()));
      numbers.putAll(BEST_PART, best.get().numbers());
    }
    try {
      return new RunState(numbers, metadata);
    } catch (SafetensorsException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(DropoutCounter counter) {
    return counter.seed() + ":" + counter.count();
  }

  /**
   * Writes the state, whole or not at all.
   *
   * @param file where to
   * @throws IOException if it cannot be written; what was there before is kept
   */
  public void write(Path file) throws IOException {
    write(file, Map.of());
  }

  /**
   * Writes the state with notes of the caller's, whole or not at all.
   *
   * @param file where to
   * @param notes texts by name, which {@link #note} gives again
   * @throws IOException if it cannot be written; what was there before is kept
   */
  public void write(Path file, Map<String, String> notes) throws IOException {
    Nulls.check(file, "state of a run: file");
    Map<String, String> all = new TreeMap<>(metadata);
    Nulls.copy(notes, "state of a run: notes").forEach((name, text) -> all.put(NOTE + name, text));
    new Safetensors(numbers.floats(), numbers.doubles(), all).write(file);
  }

  /**
   * A note that was written with the state.
   *
   * @param name its name
   * @return its text, if there is one
   */
  public Optional<String> note(String name) {
    Nulls.check(name, "state of a run: name");
    return Optional.ofNullable(metadata.get(NOTE + name));
  }

  /**
   * Reads a state.
   *
   * @param file where from
   * @return the state
   * @throws SafetensorsException if the file is damaged, or has something else
   * @throws IOException if it cannot be read
   */
  public static RunState read(Path file) throws IOException {
    Nulls.check(file, "state of a run: file");
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      if (!stored.isChecked() && VERSION.equals(stored.metadata().get(FORMAT))) {
        throw new SafetensorsException("the state of a run lacks its checksum");
      }
      return of(stored);
    } catch (SafetensorsException e) {
      String message = e.getMessage();
      throw new SafetensorsException(
          message.startsWith(file + ": ") ? message : file + ": " + message);
    }
  }

  private static RunState of(SafetensorsFile stored) throws IOException {
    // What it is comes before its numbers, which may be many.
    RunState state = new RunState(new StateNumbers(), stored.metadata());
    Safetensors all = Safetensors.readExactly(stored);
    return new RunState(new StateNumbers(all.tensors(), all.doubles()), state.metadata);
  }

  /**
   * The tower.
   *
   * @return its text
   */
  public String tower() {
    return tower;
  }

  /**
   * How far the run has come.
   *
   * @return number of steps taken
   */
  public long steps() {
    return steps;
  }

  /**
   * The epoch that the run goes on with.
   *
   * @return its number, from 1
   */
  public int epoch() {
    return progress.epoch();
  }

  /**
   * Whether the run stands between two steps of an epoch.
   *
   * @return false between two epochs
   */
  public boolean isWithinEpoch() {
    return progress.batches() > 0;
  }

  /**
   * Where a cool-down ends that has begun, and the run with it.
   *
   * @return number of steps; empty if none has begun
   */
  public OptionalLong coolDownEnd() {
    return coolDownEnd;
  }

  Progress progress() {
    return progress;
  }

  Optional<EndingState> ending() {
    return ending;
  }

  /** Sets everything but what is carried within an epoch, or nothing if that does not fit. */
  void restore(
      Session session,
      TrainingOptions options,
      TowerOptimizer optimizer,
      Kept kept,
      Optional<? extends BestWeights<?>> weights) {
    try {
      set(session, options, optimizer, kept, weights);
    } catch (IllegalArgumentException e) {
      throw new UnfitStateException(e.getMessage(), e);
    }
  }

  private void set(
      Session session,
      TrainingOptions options,
      TowerOptimizer optimizer,
      Kept kept,
      Optional<? extends BestWeights<?>> weights) {
    same("a run with " + SEED, SEED, Long.toString(options.seed()));
    same("a run with " + BATCH, BATCH, Integer.toString(options.batch()));
    sameShards(options.shards().map(Shards::text).orElse(NO_SHARDS));
    numbers.checkPrecision(session);
    numbers.check(BUFFER_PART, kept.buffers());
    numbers.check(CARRIED_PART, progress.batches() > 0 ? kept.carried() : List.of());
    long[] counts = counts(kept.counters());
    // By another metric others are the best: those are looked for from here on.
    if (best.isPresent()
        && weights.isPresent()
        && weights.get().metric().text().equals(metadata.get(BEST_METRIC))) {
      weights.get().goOnFrom(numbers.part(BEST_PART), best.getAsDouble());
    }
    try (Scope unused = session.scratch()) {
      optimizer.restore(new TowerSnapshot(tower, steps, numbers.tensors(session, TOWER_PART)));
    }
    numbers.set(BUFFER_PART, kept.buffers());
    for (int k = 0; k < counts.length; k++) {
      kept.counters().get(k).set(counts[k]);
    }
  }

  private void same(String what, String key, String expected) {
    if (!expected.equals(metadata.get(key))) {
      throw new IllegalArgumentException(
          "state of a run: it is of " + what + " " + metadata.get(key) + ", not " + expected);
    }
  }

  private void sameShards(String expected) {
    String found = metadata.getOrDefault(SHARDS, NO_SHARDS);
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "state of a run: its batches are divided into shards: "
              + found
              + ", not "
              + expected
              + "; a run keeps its shards, whoever has them");
    }
  }

  /** Where each counter stands; their seeds must be those of the run. */
  private long[] counts(List<DropoutCounter> counters) {
    long[] counts = new long[counters.size()];
    for (int k = 0; k < counts.length; k++) {
      String text = metadata.getOrDefault(DROPOUT + k, "none");
      String seed = counters.get(k).seed() + ":";
      try {
        counts[k] = Long.parseLong(text, seed.length(), text.length(), 10);
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        counts[k] = -1;
      }
      if (!text.startsWith(seed) || counts[k] < 0 || counts[k] >= 1L << 32) {
        throw new IllegalArgumentException(
            "state of a run: masks of dropout layer "
                + (k + 1)
                + " are at "
                + text
                + " (seed:number); the model's have the seed "
                + counters.get(k).seed());
      }
    }
    if (metadata.containsKey(DROPOUT + counts.length)) {
      throw new IllegalArgumentException(
          "state of a run: it has more than the model's " + counts.length + " dropout layers");
    }
    return counts;
  }

  /** Sets what is carried from batch to batch, after an epoch has begun. */
  void carryOn(Kept kept) {
    numbers.set(CARRIED_PART, kept.carried());
  }
}
