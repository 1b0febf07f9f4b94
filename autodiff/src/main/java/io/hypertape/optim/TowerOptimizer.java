package io.hypertape.optim;

import io.hypertape.autodiff.OperationLog;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UndoLog;
import io.hypertape.autodiff.Workspace;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.checks.Failures;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A tower at work on a model's parameters. One {@link #step} computes the loss, takes the gradient
 * of every level in one first-order backward pass, and updates the levels from the top down to the
 * weights (paper, section 2.2 and algorithm 'HyperSGD'). The update is recorded: it is the
 * beginning of the next step's tape, through which the next loss depends on the hyperparameters.
 *
 * <p>Memory is that of two steps, whatever their number. On {@link #close} the parameters keep
 * their values.
 */
public final class TowerOptimizer implements AutoCloseable {

  private final Session session;
  private final String text;
  private final RunningTower levels;
  // Updates and passes of even and odd steps: a step reads what the one before it left.
  private final Workspace[] updates;
  private final StepBuffers unrecorded;
  private final List<StepBuffers> spaces = new ArrayList<>();
  private final List<StepBuffers.Storage> storages = new ArrayList<>();
  private final Set<Tape> pinned = new LinkedHashSet<>();
  private Tape tape;
  private Tape previous;
  private StepBuffers lastSpace;
  private int bufferIndex;
  private Scope shown;
  // What state() would give, where that is known.
  private TowerState current;
  // What the last update was computed from; empty if none counts.
  private Optional<TowerState.UpdateInputs> updateInputs = Optional.empty();
  private long steps;
  private final Standstill standstill = new Standstill();
  private volatile boolean closed;
  // Another thread wants this closed.
  private volatile boolean closing;
  private boolean stepping;

  TowerOptimizer(Tower tower, Session session, List<Parameter> parameters) {
    this.session = session;
    text = tower.toString();
    levels = new RunningTower(tower, session, parameters);
    updates = new Workspace[] {session.workspace(), session.workspace()};
    unrecorded = space(newStorage(), StepBuffers.Steps.RUN);
    tape = session.tape(updates[0]);
    try {
      levels.start(tape);
    } catch (RuntimeException | Error e) {
      levels.leave();
      tape.close();
      throw e;
    }
    tape.suspend();
    tape.keep();
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
    checkOpen();
    stepping = true;
    try {
      levels.prepare(steps);
      return run(unrecorded, loss, inspection);
    } finally {
      stepping = false;
    }
  }

  /** A prepared step: replayed, recorded or, as long as its storage is not in place, run. */
  Tensor step(
      TrainingStep prepared,
      StepBuffers space,
      Supplier<Tensor> loss,
      Consumer<Tensor> inspection) {
    stepping = true;
    try {
      return prepared(prepared, space, loss, inspection);
    } finally {
      stepping = false;
    }
  }

  private Tensor prepared(
      TrainingStep prepared,
      StepBuffers space,
      Supplier<Tensor> loss,
      Consumer<Tensor> inspection) {
    levels.prepare(steps);
    // Recorded is a step together with where the one before left its gradients.
    if (!prepared.canRecord() || !space.isRecorded() || !isRecorded(lastSpace)) {
      return run(space, loss, inspection);
    }
    RecordedStep step = space.after(lastSpace, bufferIndex);
    RecordedStep.Storage storage = storage(space);
    TowerState before = current == null ? state() : current;
    if (!step.isRecorded(storage, before)) {
      if (!step.isWarm(storage)) {
        StepBuffers preceding = lastSpace;
        int ran = bufferIndex;
        Tensor value = run(space, loss, inspection);
        step.warm(storage(space, preceding, ran));
        return value;
      }
      try {
        record(step, before, space, loss);
      } catch (RecordingException e) {
        prepared.refuse(e.getMessage());
        return run(space, loss, inspection);
      }
      prepared.recorded(step.operations());
    }
    Consumer<Tensor> accepted =
        prepared.verifiesNext(step.replays())
            ? verification(step, space, loss).andThen(inspection)
            : inspection;
    return replay(step, space, accepted);
  }

  private static boolean isRecorded(StepBuffers last) {
    return last != null && last.isRecorded();
  }

  private RecordedStep.Storage storage(StepBuffers space) {
    return storage(space, lastSpace, bufferIndex);
  }

  private RecordedStep.Storage storage(StepBuffers space, StepBuffers preceding, int at) {
    return new RecordedStep.Storage(
        updates[at].version(),
        updates[1 - at].version(),
        space.body(at).version(),
        preceding.body(1 - at).version(),
        space.inputsVersion());
  }

  private Tensor run(StepBuffers space, Supplier<Tensor> loss, Consumer<Tensor> inspection) {
    closeShown();
    current = null;
    Pass pass = pass(space, loss, inspection, Failure.UNDO);
    advance(space, pass.gradients());
    return pass.loss().detach();
  }

  /** What becomes of what a pass has changed beside the tower if it fails. */
  private enum Failure {
    UNDO,
    /** Nothing has been computed yet. */
    LEAVE
  }

  /** What a step computes before its update. */
  record Pass(Tensor loss, List<Tensor> gradients, UndoLog undo, OperationLog operations) {}

  /** Loss and gradients; leaves everything as it was if the loss or its inspection throws. */
  private Pass pass(
      StepBuffers space, Supplier<Tensor> loss, Consumer<Tensor> inspection, Failure failure) {
    tape.rewind();
    tape.resume();
    UndoLog undo = session.newUndoLog();
    try {
      tape.takeFrom(space.body(bufferIndex));
      OperationLog operations = session.newOperationLog();
      Tensor value =
          failure == Failure.UNDO ? undo.during(loss) : undo.during(() -> operations.during(loss));
      // Before the inspection, which has a say in the gradients too if they are clipped.
      GradientClipping.Clipped taken = levels.clipped(value, tape.gradient(value, levels.values()));
      inspection.accept(taken.loss());
      return new Pass(taken.loss(), taken.gradients(), undo, operations);
    } catch (RuntimeException | Error e) {
      if (failure == Failure.UNDO) {
        standstill.undoAfter(steps + 1, e, undo::undo);
      }
      throw e;
    } finally {
      tape.suspend();
    }
  }

  /** Updates by a pass's gradients, which the next tape begins with. */
  private void advance(StepBuffers space, List<Tensor> gradients) {
    release(previous);
    if (pinned.contains(tape)) {
      tape.rewind();
    } else {
      tape.forget();
    }
    previous = tape;
    lastSpace = space;
    bufferIndex = 1 - bufferIndex;
    tape = session.tape(updates[bufferIndex]);
    try {
      update(gradients);
    } catch (RuntimeException | Error e) {
      standstill.inUpdate(steps + 1, e);
      throw e;
    } finally {
      tape.suspend();
    }
    tape.keep();
    steps++;
  }

  private void release(Tape old) {
    if (old != null && !pinned.contains(old)) {
      old.close();
    }
  }

  /** The pass and the update, each by itself: between them a step may be refused. */
  private void record(
      RecordedStep step, TowerState before, StepBuffers space, Supplier<Tensor> loss) {
    StepBuffers preceding = lastSpace;
    int bufferIndexBefore = bufferIndex;
    long stepsBefore = steps;
    pinned.add(tape);
    pinned.add(previous);
    try {
      Pass[] pass = new Pass[1];
      Recording first =
          session.record(() -> pass[0] = pass(space, loss, unused -> {}, Failure.LEAVE));
      Recording second;
      try {
        second = session.record(() -> advance(space, pass[0].gradients()));
      } catch (RuntimeException | Error e) {
        closeAfter(e, first);
        throw e;
      }
      pinned.add(tape);
      step.record(first, second, before, state(), pass[0]);
    } finally {
      // Nothing has been computed yet, so the host's side goes back as well.
      standstill.forget();
      if (tape != before.tape() && !pinned.contains(tape)) {
        tape.close();
      }
      bufferIndex = bufferIndexBefore;
      steps = stepsBefore;
      lastSpace = preceding;
      restore(before);
    }
  }

  private static void closeAfter(Throwable e, Recording recording) {
    try {
      recording.close();
    } catch (RuntimeException again) {
      e.addSuppressed(again);
    }
  }

  private Tensor replay(RecordedStep step, StepBuffers space, Consumer<Tensor> inspection) {
    closeShown();
    try {
      step.replayPass();
    } catch (RuntimeException | Error e) {
      standstill.undoAfter(steps + 1, e, step::undoMidst);
      throw e;
    }
    shown = session.scratch();
    shown.suspend();
    Tensor value = shown.show(step.loss());
    try {
      inspection.accept(value);
    } catch (RuntimeException | Error e) {
      standstill.undoAfter(steps + 1, e, step::undo);
      throw e;
    }
    try {
      step.replayUpdate();
    } catch (RuntimeException | Error e) {
      standstill.inUpdate(steps + 1, e);
      throw e;
    }
    release(tape);
    release(previous);
    restore(step.after());
    current = step.after();
    bufferIndex = 1 - bufferIndex;
    lastSpace = space;
    steps++;
    return value;
  }

  /**
   * Runs the loss function once more, for its operations; leaves everything as it was.
   *
   * @return an inspection of the step's loss that throws if its replay gave anything else
   * @throws StaleRecordingException if the operations themselves are others
   */
  private Consumer<Tensor> verification(
      RecordedStep step, StepBuffers space, Supplier<Tensor> loss) {
    closeShown();
    RecordedStep.Storage storage = storage(space);
    OperationLog fresh = session.newOperationLog();
    OperationLog.Digests expected = rehearse(space, () -> fresh.during(loss), fresh::digests);
    step.operationLog()
        .differsInOperations(fresh)
        .or(() -> storage.equals(storage(space)) ? Optional.empty() : Optional.of("its storage"))
        .ifPresent(this::refuseStale);
    return unused ->
        step.operationLog()
            .differsInValues(step.operationLog().digests(), expected)
            .ifPresent(this::refuseStale);
  }

  private <T> T rehearse(StepBuffers space, Supplier<Tensor> loss, Supplier<T> result) {
    tape.rewind();
    tape.resume();
    UndoLog undo = session.newUndoLog();
    try {
      tape.takeFrom(space.body(bufferIndex));
      T found;
      try {
        undo.during(loss);
        found = result.get();
      } catch (RuntimeException | Error e) {
        standstill.undoAfter(steps + 1, e, undo::undo);
        throw e;
      }
      standstill.undo(steps + 1, undo);
      return found;
    } finally {
      tape.suspend();
      tape.rewind();
    }
  }

  private void refuseStale(String difference) {
    throw new StaleRecordingException(steps + 1, difference);
  }

  private TowerState state() {
    return new TowerState(tape, previous, levels.state(), updateInputs);
  }

  private void restore(TowerState state) {
    tape = state.tape();
    previous = state.previous();
    updateInputs = state.updateInputs();
    tape.rewind();
    levels.restore(state.levels());
  }

  private void closeShown() {
    if (shown != null) {
      shown.close();
      shown = null;
    }
  }

  private void update(List<Tensor> gradients) {
    updateInputs = Optional.of(new TowerState.UpdateInputs(levels.state(), gradients));
    levels.update(tape, gradients);
  }

  /**
   * Everything that decides the further steps but the losses.
   *
   * @return tensors that are usable until the next step, or until this optimizer is closed
   * @throws IllegalArgumentException if two parameters have the same name
   */
  public TowerSnapshot snapshot() {
    checkOpen();
    NamedTensors named = new NamedTensors();
    levels.name(
        updateInputs.map(TowerState.UpdateInputs::levels).orElseGet(levels::state),
        updateInputs.map(TowerState.UpdateInputs::gradients).orElse(List.of()),
        named);
    return new TowerSnapshot(text, steps, named.all());
  }

  /**
   * Goes on where another run of the same tower, on parameters of the same names and shapes, stood.
   * Further steps have the bits that they had there.
   *
   * @param snapshot its state, in tensors of this optimizer's session; copied
   * @throws IllegalStateException if this optimizer has taken a step already
   * @throws IllegalArgumentException if the state is of another tower or of other parameters;
   *     nothing has changed then
   */
  public void restore(TowerSnapshot snapshot) {
    Nulls.check(snapshot, "restore: snapshot");
    checkOpen();
    if (steps > 0 || previous != null) {
      throw new IllegalStateException(
          "restore: this optimizer has taken " + steps + " steps; bind the tower anew");
    }
    if (!snapshot.tower().equals(text)) {
      throw new IllegalArgumentException(
          "state of a tower: it is of the tower " + snapshot.tower() + ", not of " + text);
    }
    NamedTensors named = new NamedTensors(snapshot.tensors());
    boolean updated = snapshot.tensors().keySet().stream().anyMatch(n -> n.endsWith("/gradient"));
    if (snapshot.steps() == 0 && updated) {
      throw new IllegalArgumentException("state of a tower: it has gradients, but no step");
    }
    levels.check(named, updated);
    try {
      load(named, updated, snapshot.steps());
    } catch (RuntimeException | Error e) {
      standstill.inRestore(e);
      levels.leave();
      throw e;
    }
  }

  private void load(NamedTensors named, boolean updated, long newSteps) {
    tape.close();
    tape = session.tape(updates[0]);
    List<Tensor> gradients;
    try {
      levels.load(named, tape);
      gradients = updated ? levels.loadGradients(named) : List.of();
    } finally {
      tape.suspend();
    }
    tape.keep();
    steps = newSteps;
    if (updated) {
      repeat(gradients);
    }
  }

  /** Computes the last update anew, which is what the next step's tape begins with. */
  private void repeat(List<Tensor> gradients) {
    previous = tape;
    bufferIndex = 1 - bufferIndex;
    tape = session.tape(updates[bufferIndex]);
    try {
      levels.prepare(steps - 1);
      updateInputs = Optional.of(new TowerState.UpdateInputs(levels.state(), gradients));
      levels.update(tape, gradients);
    } finally {
      tape.suspend();
    }
    tape.keep();
  }

  /** Storage for steps of the same kind, freed with this optimizer. */
  StepBuffers.Storage newStorage() {
    StepBuffers.Storage storage = new StepBuffers.Storage(session);
    storages.add(storage);
    return storage;
  }

  /** A place for inputs and recordings, closed with this optimizer. */
  StepBuffers space(StepBuffers.Storage storage, StepBuffers.Steps steps) {
    StepBuffers space = new StepBuffers(session, storage, steps);
    spaces.add(space);
    return space;
  }

  Session session() {
    return session;
  }

  boolean canRecord() {
    return session.canRecord();
  }

  void checkOpen() {
    if (closing) {
      close();
    }
    if (closed) {
      throw new IllegalStateException("step: this optimizer is closed");
    }
    standstill.check();
  }

  /**
   * Number of steps taken.
   *
   * @return 0 before the first
   */
  public long steps() {
    return steps;
  }

  /**
   * The hyperparameters of every level, bottom first. Waits for the backend.
   *
   * @return their current values
   */
  public List<HyperparameterValue> hyperparameters() {
    return levels.hyperparameters();
  }

  /**
   * Stops: the parameters keep their values, everything else is freed. Closing twice is harmless;
   * if the backend fails to copy a parameter's value, closing can be tried again. On another thread
   * than the session's this asks for it: it is done when that thread takes the next step, which is
   * refused, or opens a scope.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (!session.isClosed() && !session.isOwner()) {
      closing = true;
      session.later(this::closeBetweenSteps);
      return;
    }
    if (!session.isClosed()) {
      // First: if it fails, closing can be tried again, and no parameter has lost its value.
      levels.commit();
    }
    closed = true;
    if (session.isClosed()) {
      return;
    }
    List<Runnable> parts = new ArrayList<>(List.of(this::closeShown));
    pinned.forEach(one -> parts.add(one::close));
    parts.add(tape::close);
    if (previous != null) {
      parts.add(previous::close);
    }
    spaces.forEach(space -> parts.add(space::close));
    storages.forEach(storage -> parts.add(storage::close));
    for (Workspace update : updates) {
      parts.add(update::close);
    }
    Failures.joined(parts);
  }

  private void closeBetweenSteps() {
    if (!stepping) {
      close();
    }
  }
}
