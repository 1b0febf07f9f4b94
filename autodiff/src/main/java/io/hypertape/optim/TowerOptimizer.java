package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A tower at work on a model's parameters. One {@link #step} computes the loss, takes the gradient
 * of every level in one first-order backward pass, and updates the levels from the top down to the
 * weights (paper, section 2.2 and algorithm 'HyperSGD'). The update is recorded: it is the
 * beginning of the next step's tape, through which the next loss depends on the hyperparameters.
 *
 * <p>The two halves of a step can be taken apart, {@code update(gradients(loss))}: between them
 * gradients are seen and replaced, by {@linkplain #onGradients hooks} or on the host, or
 * {@linkplain #accumulation added up} over parts of a batch. Several optimizers may be at work in
 * one session, each on its own parameters, with losses that read each other's.
 *
 * <p>Memory is that of two steps, whatever their number. On {@link #close} the parameters keep
 * their values, as {@link #evaluation} shows them.
 */
public final class TowerOptimizer implements AutoCloseable {

  private final Session session;
  private final TowerRunner runner;
  private final TowerRevision revision;
  private final Freezing freezing;
  private final EvaluationWeights.Shown evaluation;
  private final Safeguards safeguards;
  private final OptimizerLife life;

  TowerOptimizer(Tower tower, Session session, List<Parameter> parameters) {
    this.session = session;
    RunningTower levels = new RunningTower(tower, session, parameters);
    TowerStorage storage = new TowerStorage(session);
    TowerState first = TowerRevision.first(session, levels, storage);
    runner = new TowerRunner(session, levels, storage, first);
    freezing = new Freezing(runner);
    evaluation = new EvaluationWeights.Shown(runner);
    revision = new TowerRevision(runner, freezing, tower.toString());
    safeguards = new Safeguards(runner, revision, tower);
    life = new OptimizerLife(runner, evaluation);
    if (Double.isFinite(tower.maxNorm())) {
      runner.add(new GradientClipping(session, tower.maxNorm()));
    }
  }

  /**
   * Prepares steps that differ in their inputs only. They are recorded and replayed where the
   * backend can do that.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values and
   *     tensors made of the inputs, with the same operations each time
   * @return the step, usable until this optimizer is closed
   */
  public TrainingStep prepare(Function<List<Tensor>, Tensor> loss) {
    Nulls.check(loss, "prepare: loss");
    return new TrainingStep(this, loss);
  }

  /**
   * Takes one step.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values
   * @return the loss before the update, usable until the next step
   */
  public Tensor step(Supplier<Tensor> loss) {
    return step(loss, unused -> {});
  }

  /**
   * Takes one step, if the loss is acceptable.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values
   * @param inspection sees the loss before the update; if it throws, everything is what it was
   *     before the step, buffers and dropout counters included, and the exception goes on to the
   *     caller. Where gradients are clipped and their norm is no finite number, the loss that it
   *     sees is NaN
   * @return the loss before the update, usable until the next step
   */
  public Tensor step(Supplier<Tensor> loss, Consumer<Tensor> inspection) {
    Nulls.check(loss, "step: loss");
    Nulls.check(inspection, "step: inspection");
    return working("step", () -> taken(runner.gradients(runner.step(loss)), inspection));
  }

  /** Takes the step whose pass has been done, if its loss is acceptable. */
  Tensor taken(Gradients gradients, Consumer<Tensor> inspection) {
    return safeguards.take(gradients, inspection);
  }

  /**
   * The first half of a step: the loss, and its gradients by the weights and by every tuned
   * hyperparameter, as {@linkplain #onGradients hooks} leave them. Nothing is updated. The next
   * call replaces what this one gave.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values
   * @return what {@link #update} takes, usable until the next step
   */
  public Gradients gradients(Supplier<Tensor> loss) {
    Nulls.check(loss, "gradients: loss");
    return working("gradients", () -> runner.gradients(runner.step(loss)));
  }

  /**
   * The second half of a step: updates every level.
   *
   * @param gradients what {@link #gradients} or an {@link Accumulation} gave last, or one of its
   *     {@code with…} forms
   * @throws IllegalStateException if they are of an earlier step or of another optimizer
   */
  public void update(Gradients gradients) {
    Nulls.check(gradients, "update: gradients");
    update(gradients, unused -> {});
  }

  /**
   * The second half of a step, if the loss is acceptable.
   *
   * @param gradients what {@link #gradients} or an {@link Accumulation} gave last, or one of its
   *     {@code with…} forms
   * @param inspection sees the loss before the update, as in {@link #step(Supplier, Consumer)}
   * @return the loss before the update, usable until the next step
   * @throws IllegalStateException if they are of an earlier step or of another optimizer
   */
  public Tensor update(Gradients gradients, Consumer<Tensor> inspection) {
    Nulls.check(gradients, "update: gradients");
    Nulls.check(inspection, "update: inspection");
    return working(
        "update",
        () -> {
          runner.checkLast(gradients);
          return taken(gradients, inspection);
        });
  }

  /**
   * Adds a hook between gradients and update. Hooks run in the order in which they are added, each
   * on what the one before it gave; clipping, if the tower has it, comes first. Gradients that have
   * been computed before are not the last ones any more, which {@link #update} takes.
   *
   * @param hook sees and replaces the gradients of every step from here on
   * @return this optimizer
   */
  public TowerOptimizer onGradients(GradientHook hook) {
    Nulls.check(hook, "onGradients: hook");
    working("onGradients", () -> runner.add(hook));
    return this;
  }

  /**
   * What adds up gradients over parts of batches, with the memory of one part. Its storage is freed
   * with this optimizer's: make one for all steps.
   *
   * @return what adds them up, usable for any number of steps until this optimizer is closed
   */
  public Accumulation accumulation() {
    return working("accumulation", () -> new Accumulation(this));
  }

  /**
   * Takes back the last update: parameters, hyperparameters and states are what they were before
   * it, but parameters that have been frozen since. Buffers, such as running means of batch norm,
   * and dropout counters keep what the losses since made of them. Then {@link #redo} updates again
   * by the same gradients; or a new step begins, in which hypergradients are 0, as in the first
   * one. The last step's loss is not usable any more.
   *
   * @throws IllegalStateException if there is no update, or it has been taken back already, or
   *     parameters have been unfrozen since, or all of them are frozen
   */
  public void undo() {
    working("undo", revision::undo);
  }

  /**
   * Does the update again that was {@linkplain #undo taken back}, with other hyperparameters if
   * some are given, which are what they are from here on.
   *
   * @param hyperparameters effective values in place of those that the levels above give them, by
   *     label, as {@link HyperparameterValue#label}
   * @throws IllegalStateException if nothing has been taken back, or since then a step has begun,
   *     refused or not, or parameters have been frozen or unfrozen
   * @throws IllegalArgumentException if there is no such hyperparameter, or it cannot have such a
   *     value; nothing has changed then
   */
  public void redo(Map<String, Double> hyperparameters) {
    Nulls.check(hyperparameters, "redo: hyperparameters");
    working("redo", () -> revision.redo(hyperparameters));
  }

  /**
   * Lets step sizes fall to 0, for a run whose length was not known when it began: from the next
   * step on the schedule's factor falls linearly from what it is, over so many steps. Further steps
   * change no weight. It is part of the run's {@linkplain #snapshot state}.
   *
   * @param steps number of steps until 0 is reached, at least 1
   * @throws IllegalStateException if the tower has no schedule, or a cool-down has begun before;
   *     {@link StepSchedule#onDemand} is the schedule of a tower that only cools down
   */
  public void coolDown(long steps) {
    working("coolDown", () -> runner.levels().coolDown(steps(), steps));
  }

  /**
   * Where a {@linkplain #coolDown cool-down} ends.
   *
   * @return number of steps after which step sizes are 0; empty if none has begun
   */
  public OptionalLong coolDownEnd() {
    Optional<Cooling> cooling = runner.levels().cooling();
    return cooling.isPresent() ? OptionalLong.of(cooling.get().end()) : OptionalLong.empty();
  }

  /**
   * Freezes parameters: until they are unfrozen, steps neither take gradients by them nor update
   * them, and their states stay what they are. Freezing a frozen one does nothing. A frozen one may
   * be set, or be at work in another optimizer.
   *
   * @param parameters some of those that this optimizer is at work on
   * @throws IllegalArgumentException if one is not; nothing has changed then
   */
  public void freeze(Collection<Parameter> parameters) {
    Nulls.check(parameters, "freeze: parameters");
    working("freeze", () -> freezing.freeze(parameters));
  }

  /**
   * Lets frozen parameters be updated again, from the states that they had. Hypergradients are 0 in
   * the next step, as in the first one. Unfreezing one that is not frozen does nothing.
   *
   * @param parameters some of those that this optimizer is at work on
   * @throws IllegalArgumentException if one is not; nothing has changed then
   * @throws IllegalStateException if one is at work in another optimizer; nothing has changed then
   */
  public void unfreeze(Collection<Parameter> parameters) {
    Nulls.check(parameters, "unfreeze: parameters");
    working("unfreeze", () -> freezing.unfreeze(parameters));
  }

  /**
   * The parameters that are frozen.
   *
   * @return some of those that this optimizer is at work on
   */
  public List<Parameter> frozen() {
    return List.copyOf(runner.state().frozen());
  }

  /**
   * Everything that decides the further steps but losses and hooks. An update that has been taken
   * back is not in it.
   *
   * @return tensors that are usable until the next step, or until this optimizer is closed
   * @throws IllegalArgumentException if two parameters have the same name
   */
  public TowerSnapshot snapshot() {
    life.checkOpen("snapshot");
    return life.uninterrupted(revision::snapshot);
  }

  /**
   * Goes on where another run of the same tower, on parameters of the same names and shapes, stood.
   * Further steps have the bits that they had there. What was {@linkplain #freeze frozen} there has
   * to be frozen here before.
   *
   * @param snapshot its state, in tensors of this optimizer's session; copied
   * @throws IllegalStateException if this optimizer has taken a step already, or a parameter that
   *     is frozen here is at work in another one
   * @throws IllegalArgumentException if the state is of another tower or of other parameters;
   *     nothing has changed then
   */
  public void restore(TowerSnapshot snapshot) {
    Nulls.check(snapshot, "restore: snapshot");
    working("restore", () -> revision.restore(snapshot));
  }

  /**
   * Lets the parameters have the weights that their model shall be judged and used by, until what
   * this gives is closed. With most optimizers they are those that the next gradient is taken at;
   * with Schedule-Free ones, or where weights are averaged, they are others. Frozen parameters stay
   * what they are. May be called again while it is open.
   *
   * @return what puts the weights back that training goes on from, in the same bits
   */
  public EvaluationWeights evaluation() {
    return life.between("evaluation", () -> new EvaluationWeights(evaluation));
  }

  TowerRunner runner() {
    return runner;
  }

  Session session() {
    return session;
  }

  /** Changes what a step begins with, which a loss, a hook or an inspection must not. */
  <T> T working(String what, Supplier<T> work) {
    return life.working(what, work);
  }

  private void working(String what, Runnable work) {
    working(
        what,
        () -> {
          work.run();
          return this;
        });
  }

  /**
   * Number of steps taken.
   *
   * @return 0 before the first
   */
  public long steps() {
    return runner.state().steps();
  }

  /**
   * Whether the batch of the step that comes next is held out: it only tunes, as {@link
   * Tower#heldOut(int)} says.
   *
   * @return false unless the tower holds batches out
   */
  public boolean isHeldOut() {
    return runner.levels().work(steps()) == UpdateWork.TUNE;
  }

  /**
   * Whether the last step's loss had jumped, so that the tower's {@link Guard} took the update
   * before it back, did it again with smaller step sizes, and dropped the step's batch: no
   * inspection has seen its loss. Or whether the run has begun anew at an {@link Edge}, which drops
   * a batch too; then there is no update to {@link #undo} before the next one.
   *
   * @return false unless the tower has a guard
   */
  public boolean jumped() {
    return safeguards.jumped();
  }

  /**
   * A running mean of the losses, as the tower's {@link Guard} keeps it.
   *
   * @return the mean; no number before the first step, or without a guard
   */
  public double usualLoss() {
    return runner.state().losses().mean();
  }

  /**
   * How often one of both has happened since this optimizer was bound.
   *
   * @return number of steps
   */
  public long jumps() {
    return safeguards.jumps();
  }

  /**
   * The hyperparameters of every level, bottom first. Waits for the backend.
   *
   * @return their current values
   */
  public List<HyperparameterValue> hyperparameters() {
    return life.uninterrupted(runner.levels()::hyperparameters);
  }

  /**
   * Stops: the parameters keep their values, those for {@linkplain #evaluation evaluation} where
   * these are others; everything else is freed. Closing twice is harmless; if the backend fails to
   * copy a parameter's value, closing can be tried again. On another thread than the session's this
   * asks for it: it is done when that thread takes the next step, which is refused, or opens a
   * scope between steps.
   *
   * @throws IllegalStateException if a loss, a hook or an inspection of this optimizer's step asks
   */
  @Override
  public void close() {
    life.close();
  }
}
