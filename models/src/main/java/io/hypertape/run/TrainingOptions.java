package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.Tower;
import io.hypertape.shards.Shards;
import java.util.Optional;

/**
 * How long and in what portions to train.
 *
 * @param epochs passes over the training set, at least 1
 * @param batch images (or rows of text) a step, at least 1; the partial last batch of an epoch of
 *     images is kept
 * @param seed of the order and the variation of images
 * @param limit steps after which the run ends within an epoch, at least 1
 * @param coolDown how the run ends; empty if it just ends
 * @param evaluateEvery steps after which the model is judged within an epoch too; 0 if it is not
 * @param best metric by which the best weights are kept, which the model has in the end; empty if
 *     it keeps those of the last step
 * @param shards into how many parts each batch is divided by its examples' ids, and who has them;
 *     empty if batches are whole
 */
public record TrainingOptions(
    int epochs,
    int batch,
    long seed,
    long limit,
    Optional<CoolDown> coolDown,
    long evaluateEvery,
    Optional<Metric> best,
    Optional<Shards> shards) {

  /** Checks the numbers. */
  public TrainingOptions {
    Nulls.check(coolDown, "training options: coolDown");
    Nulls.check(best, "training options: best");
    Nulls.check(shards, "training options: shards");
    if (evaluateEvery < 0) {
      throw new IllegalArgumentException(
          "evaluateEvery is " + evaluateEvery + " steps; at least 1 is needed, or 0 for never");
    }
    atLeastOne("epochs", epochs);
    atLeastOne("batch", batch);
    atLeastOne("steps", limit);
  }

  private static void atLeastOne(String what, long number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " is " + number + "; at least 1 is needed");
    }
  }

  /**
   * A run that just ends.
   *
   * @param epochs passes over the training set, at least 1
   * @param batch images (or rows of text) a step, at least 1
   * @param seed of the order and the variation of images
   * @param limit steps after which the run ends within an epoch, at least 1
   */
  public TrainingOptions(int epochs, int batch, long seed, long limit) {
    this(epochs, batch, seed, limit, Optional.empty(), 0, Optional.empty(), Optional.empty());
  }

  /**
   * Whole epochs.
   *
   * @param epochs passes over the training set, at least 1
   * @param batch images (or rows of text) a step, at least 1
   * @param seed of the order and the variation of images
   */
  public TrainingOptions(int epochs, int batch, long seed) {
    this(epochs, batch, seed, Long.MAX_VALUE);
  }

  /**
   * The same with another number of epochs.
   *
   * @param newEpochs passes over the training set, at least 1
   * @return the changed options
   */
  public TrainingOptions withEpochs(int newEpochs) {
    return new TrainingOptions(
        newEpochs, batch, seed, limit, coolDown, evaluateEvery, best, shards);
  }

  /**
   * The same with batches of another size.
   *
   * @param newBatch images (or rows of text) a step, at least 1
   * @return the changed options
   */
  public TrainingOptions withBatch(int newBatch) {
    return new TrainingOptions(
        epochs, newBatch, seed, limit, coolDown, evaluateEvery, best, shards);
  }

  /**
   * The same with another seed.
   *
   * @param newSeed of the order and the variation of images
   * @return the changed options
   */
  public TrainingOptions withSeed(long newSeed) {
    return new TrainingOptions(
        epochs, batch, newSeed, limit, coolDown, evaluateEvery, best, shards);
  }

  /**
   * The same, ending after a number of steps at the latest.
   *
   * @param steps the number
   * @return the changed options
   */
  public TrainingOptions limitedTo(long steps) {
    return new TrainingOptions(epochs, batch, seed, steps, coolDown, evaluateEvery, best, shards);
  }

  /**
   * The same, ending with a cool-down.
   *
   * @param newCoolDown how the run ends
   * @return the changed options
   */
  public TrainingOptions withCoolDown(CoolDown newCoolDown) {
    Nulls.check(newCoolDown, "training options: newCoolDown");
    return new TrainingOptions(
        epochs, batch, seed, limit, Optional.of(newCoolDown), evaluateEvery, best, shards);
  }

  /**
   * The same, with the model judged within an epoch too.
   *
   * @param steps after how many steps, counted from the run's first, at least 1; or 0 for never
   * @return the changed options
   */
  public TrainingOptions withEvaluateEvery(long steps) {
    return new TrainingOptions(epochs, batch, seed, limit, coolDown, steps, best, shards);
  }

  /**
   * The same, with the best weights kept.
   *
   * @param metric by which they are
   * @return the changed options
   */
  public TrainingOptions withBest(Metric metric) {
    Optional<Metric> by = Optional.of(Nulls.check(metric, "training options: metric"));
    return new TrainingOptions(epochs, batch, seed, limit, coolDown, evaluateEvery, by, shards);
  }

  /**
   * The same with batches that are divided into shards.
   *
   * @param newShards into how many, and who has them
   * @return the changed options
   */
  public TrainingOptions withShards(Shards newShards) {
    Optional<Shards> divided = Optional.of(Nulls.check(newShards, "training options: newShards"));
    return new TrainingOptions(epochs, batch, seed, limit, coolDown, evaluateEvery, best, divided);
  }

  /** The metric whose course ends the run. */
  Optional<Metric> watched() {
    return coolDown.flatMap(CoolDown::metric);
  }

  /** A tower as a run of at most so many steps needs it. */
  Tower tower(Tower tower, long steps) {
    if (coolDown.isEmpty() || coolDown.get().share() == 0) {
      return tower.over(Math.max(1, steps));
    }
    Tower open = tower.openEnded();
    if (!open.schedule().isOnDemand()) {
      throw new IllegalArgumentException(
          "a run that ends with a cool-down needs a schedule that waits for it; the tower has "
              + open.schedule().text()
              + ", and ondemand would fit, after a warmup too");
    }
    return open;
  }

  /** Steps of a run whose epochs have so many. */
  long steps(long stepsOfEpoch) {
    return Math.min(limit, epochs * stepsOfEpoch);
  }

  /** Epochs of a run whose epochs have so many steps. */
  int epochs(long stepsOfEpoch) {
    return stepsOfEpoch == 0
        ? epochs
        : (int) ((steps(stepsOfEpoch) + stepsOfEpoch - 1) / stepsOfEpoch);
  }
}
