package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

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

  private final TowerOptimizer optimizer;
  private final Function<List<Tensor>, Tensor> loss;
  private final StepBuffers.Storage storage;
  private final List<StepBuffers> spaces = new ArrayList<>();
  private final StepBuffers further;
  private long version;
  private final RecordingPolicy policy;

  TrainingStep(TowerOptimizer optimizer, Function<List<Tensor>, Tensor> loss) {
    this.optimizer = optimizer;
    this.loss = loss;
    TowerStorage own = optimizer.runner().storage();
    this.storage = own.newStorage();
    this.further = own.buffers(storage, StepBuffers.Steps.RUN);
    this.policy = new RecordingPolicy(optimizer.session());
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
    check("run", inputs);
    return optimizer.working(
        "run",
        () -> {
          Tensor result = optimizer.taken(pass(inputs), inspection);
          dropStale();
          return result;
        });
  }

  /**
   * The first half of a step, as {@link TowerOptimizer#gradients}; {@link TowerOptimizer#update}
   * does the second one, replayed too if it gets these gradients as they are.
   *
   * @param inputs the batch, in the order in which the loss function expects it
   * @return loss and gradients, usable until the next step
   */
  public Gradients gradients(Input... inputs) {
    check("gradients", inputs);
    return optimizer.working(
        "gradients",
        () -> {
          dropStale();
          return pass(inputs);
        });
  }

  /** Refuses inputs that are null. */
  void check(String what, Input[] inputs) {
    if (inputs == null) {
      // Only then is a text made: every step comes by.
      Nulls.check(inputs, what + ": inputs");
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] == null) {
        throw new NullPointerException(what + ": inputs[" + i + "] is null");
      }
    }
  }

  private Gradients pass(Input[] inputs) {
    StepBuffers space = space(inputs);
    TowerRunner runner = optimizer.runner();
    PassWork work = space.work(() -> runner.step(() -> loss.apply(space.inputs())));
    return runner.gradients(policy, space, PassWork.Kind.STEP, work);
  }

  /**
   * A part of a batch, whose gradients are added to others.
   *
   * @param sum what is done with a part's loss
   */
  Gradients part(Function<Supplier<Tensor>, PassWork> sum, PassWork.Kind kind, Input[] inputs) {
    StepBuffers space = space(inputs);
    PassWork work = sum.apply(() -> loss.apply(space.inputs()));
    Gradients gradients = optimizer.runner().gradients(policy, space, kind, work);
    dropStale();
    return gradients;
  }

  TowerOptimizer optimizer() {
    return optimizer;
  }

  private void dropStale() {
    if (version != storage.version()) {
      spaces.forEach(StepBuffers::dropStale);
      version = storage.version();
    }
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
    StepBuffers fresh = optimizer.runner().storage().buffers(storage, StepBuffers.Steps.RECORDED);
    fresh.create(inputs);
    spaces.add(fresh);
    return fresh;
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
    policy.verify(first);
    return this;
  }

  /**
   * How steps run, for people.
   *
   * @return such as {@code steps are replayed, 83 operations each}
   */
  public String mode() {
    return policy.mode();
  }
}
