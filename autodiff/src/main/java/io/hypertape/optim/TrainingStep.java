package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A training step as a function of its inputs. <b>What changes from step to step is an input</b>,
 * numbers included ({@link Input#scalar}): where the backend can record, a step is recorded whole
 * (forward, backward and the update of every level) as soon as its storage is in place, after a few
 * steps whose inputs have its shapes, and later ones are replayed without running the loss function
 * again. So it must compute the same operations each time and take nothing from the host but its
 * inputs; {@link #verified} makes sure of that. What cannot be recorded runs operation by
 * operation, and {@link #mode} says why.
 */
public final class TrainingStep {

  /** Beyond that many shapes of inputs, steps with further ones are not recorded. */
  private static final int MAX_FORMS = 16;

  /** How many first replays of each recording are verified, if nothing else is asked for. */
  private static final int VERIFIED_FIRST = 2;

  /** At least every so many replays one is verified. */
  private static final int VERIFIED_EVERY = 1000;

  private final TowerOptimizer optimizer;
  private final Function<List<Tensor>, Tensor> loss;
  private final StepBuffers.Storage storage;
  private final List<StepBuffers> spaces = new ArrayList<>();
  private final StepBuffers further;
  private long version;
  private String obstacle;
  private int operations;
  private int verifiedFirst = VERIFIED_FIRST;
  private long replays;

  TrainingStep(TowerOptimizer optimizer, Function<List<Tensor>, Tensor> loss) {
    this.optimizer = optimizer;
    this.loss = loss;
    this.storage = optimizer.newStorage();
    this.further = optimizer.space(storage, StepBuffers.Steps.RUN);
    this.obstacle =
        optimizer.canRecord()
            ? ""
            : "the " + optimizer.session().backendName() + " backend does not record";
  }

  /**
   * Takes one step.
   *
   * @param inputs the batch, in the order in which the loss function expects it
   * @return the loss before the update, usable until the next step
   */
  public Tensor run(Input... inputs) {
    return run(unused -> {}, inputs);
  }

  /**
   * Takes one step, if the loss is acceptable.
   *
   * @param inspection sees the loss; if it throws, parameters, hyperparameters, buffers and dropout
   *     counters are what they were before the step, and the exception goes on to the caller. Where
   *     gradients are clipped and their norm is no finite number, it sees NaN
   * @param inputs the batch, in the order in which the loss function expects it
   * @return the loss before the update, usable until the next step
   */
  public Tensor run(Consumer<Tensor> inspection, Input... inputs) {
    Nulls.check(inspection, "run: inspection");
    Nulls.check(inputs, "run: inputs");
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] == null) {
        throw new NullPointerException("run: inputs[" + i + "] is null");
      }
    }
    optimizer.checkOpen();
    StepBuffers space = space(inputs);
    Tensor result = optimizer.step(this, space, () -> loss.apply(space.inputs()), inspection);
    if (version != storage.version()) {
      spaces.forEach(StepBuffers::dropStale);
      version = storage.version();
    }
    return result;
  }

  private StepBuffers space(Input[] inputs) {
    for (StepBuffers space : spaces) {
      if (space.fits(inputs)) {
        space.overwrite(inputs);
        return space;
      }
    }
    if (spaces.size() >= MAX_FORMS) {
      further.create(inputs);
      return further;
    }
    StepBuffers fresh = optimizer.space(storage, StepBuffers.Steps.RECORDED);
    fresh.create(inputs);
    spaces.add(fresh);
    return fresh;
  }

  boolean canRecord() {
    return obstacle.isEmpty();
  }

  void refuse(String reason) {
    obstacle = reason;
  }

  void recorded(int newOperations) {
    operations = newOperations;
  }

  /**
   * How many replays are verified: the loss function runs once more, and every operation's result
   * must have the bits that the replay gives, or {@link StaleRecordingException} is thrown, as when
   * a value that was recorded has changed since. Verified are the first replays of each recording
   * (2 if this is not called), and further ones ever more rarely: the 4th, 8th, 16th …, and every
   * 1000th. One costs about as much as a step.
   *
   * @param first how many first replays; 0 for no verification at all, ever
   * @return this step
   */
  public TrainingStep verified(int first) {
    if (first < 0) {
      throw new IllegalArgumentException(
          "verified: " + first + " replays cannot be verified; 0 or more would fit");
    }
    verifiedFirst = first;
    return this;
  }

  /** Whether a replay shall be verified that comes after so many of the same recording. */
  boolean verifiesNext(long before) {
    replays++;
    return verifiedFirst > 0
        && (before < verifiedFirst || Long.bitCount(replays) == 1 || replays % VERIFIED_EVERY == 0);
  }

  /**
   * How steps run, for people.
   *
   * @return such as {@code steps are replayed, 83 operations each}
   */
  public String mode() {
    if (!obstacle.isEmpty()) {
      return "steps run operation by operation: " + obstacle;
    }
    return operations == 0
        ? "steps will be recorded"
        : "steps are replayed, " + operations + " operations each";
  }
}
