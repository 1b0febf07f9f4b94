package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.autodiff.internal.UndoLog;
import io.hypertape.optim.TowerState.LevelState;
import io.hypertape.optim.TowerState.UpdateInputs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a tower's steps: a pass, which gives loss and gradients, then the update, each run
 * operation by operation, recorded, or replayed. All that a step leaves is a {@link TowerState}.
 */
final class TowerRunner {

  private final Session session;
  private final RunningTower levels;
  private final TowerStorage storage;
  private final Standstill standstill = new Standstill();
  private final StepRecorder recorder = new StepRecorder(this);
  private final GradientHooks hooks = new GradientHooks();
  private TowerState state;
  // Whose gradients the next update may take.
  private @Nullable Pass latest;
  // Where a replayed step's loss is shown.
  private @Nullable Scope shown;

  TowerRunner(Session session, RunningTower levels, TowerStorage storage, TowerState first) {
    this.session = session;
    this.levels = levels;
    this.storage = storage;
    this.state = first;
    levels.become(first);
  }

  TowerState state() {
    return state;
  }

  Session session() {
    return session;
  }

  RunningTower levels() {
    return levels;
  }

  TowerStorage storage() {
    return storage;
  }

  Standstill standstill() {
    return standstill;
  }

  void add(GradientHook hook) {
    hooks.add(hook);
    // Its update might be replayed from what is dropped.
    latest = null;
    storage.dropRecordings(state);
  }

  /** Keeps what is known of losses; nothing else changes. */
  void note(Guard.Losses losses) {
    state = state.with(losses);
  }

  /** Goes on from another state. */
  void become(TowerState next) {
    state = next;
    latest = null;
    INTERNALS.rewind(state.tape());
    levels.become(next);
  }

  /** A step's loss, to be updated by. */
  private final class Step implements PassWork {
    private final Supplier<Tensor> loss;

    Step(Supplier<Tensor> loss) {
      this.loss = loss;
    }

    @Override
    public Tensor loss() {
      return loss.get();
    }

    @Override
    public Gradients gradients(Pass pass, Tensor value) {
      return hooks.apply(differentiated(pass, value));
    }
  }

  PassWork step(Supplier<Tensor> loss) {
    return new Step(loss);
  }

  /** Gradients of a loss as they are. */
  Gradients differentiated(Pass pass, Tensor loss) {
    TowerState before = pass.before();
    return new Gradients(pass, loss, before.tape().gradient(loss, levels.values(before)));
  }

  GradientHooks hooks() {
    return hooks;
  }

  /** Where a pass begins, no earlier one's gradients lie any more. */
  private void begin() {
    latest = null;
    if (state.undone().isPresent()) {
      state = state.withoutUndone();
    }
    levels.prepare(state.steps());
  }

  /** Loss and gradients by an unprepared function. */
  Gradients gradients(PassWork work) {
    begin();
    return ran(storage.unrecorded(), work, null);
  }

  /** Loss and gradients: replayed, recorded or, as long as its storage is not in place, run. */
  Gradients gradients(
      RecordingPolicy policy, StepBuffers buffers, PassWork.Kind asked, PassWork work) {
    begin();
    PassWork.Kind kind = asked.of(levels.work());
    StepBuffers last = state.buffers();
    // Recorded is a step together with where the one before left its gradients.
    if (!policy.canRecord() || !buffers.isRecorded() || last == null || !last.isRecorded()) {
      return ran(buffers, work, null);
    }
    RecordedSteps steps =
        buffers.after(last, state.bufferIndex(), levels.last(state), kind, work.target());
    RecordedSteps.Storage now = storage(buffers, state);
    RecordedStep step = steps.find(now, state);
    if (step == null) {
      if (!steps.isWarm(now)) {
        Gradients gradients = ran(buffers, work, kind.isUpdate() ? steps : null);
        if (!kind.isUpdate()) {
          steps.warm(storage(buffers, state));
        }
        return gradients;
      }
      try {
        step = recorder.record(state, buffers, kind, work);
      } catch (RecordingException e) {
        policy.refuse(e.getMessage());
        return ran(buffers, work, null);
      }
      steps.add(step);
      policy.recorded(step.operations());
    }
    if (!policy.verifiesNext(step.replays())) {
      return replayed(step, work);
    }
    closeShown();
    StepVerification verification =
        StepVerification.of(session, state, standstill, step, buffers, work);
    if (!now.equals(storage(buffers, state))) {
      throw new StaleRecordingException(state.steps() + 1, "its storage");
    }
    Gradients gradients = replayed(step, work);
    inspected(gradients, unused -> verification.check());
    return gradients;
  }

  private RecordedSteps.Storage storage(StepBuffers buffers, TowerState before) {
    int at = before.bufferIndex();
    return new RecordedSteps.Storage(
        storage.update(at).version(),
        storage.update(1 - at).version(),
        buffers.body(at).version(),
        before.buffers().body(1 - at).version(),
        buffers.inputsVersion());
  }

  private Gradients ran(StepBuffers buffers, PassWork work, @Nullable RecordedSteps warmed) {
    closeShown();
    Gradients gradients = run(buffers, work, warmed, Failure.UNDO);
    latest = gradients.pass();
    return gradients;
  }

  /** What becomes of what a pass has changed beside the tower if it fails. */
  private enum Failure {
    UNDO,
    /** Nothing has been computed yet. */
    LEAVE
  }

  /** A pass while it is recorded: nothing is computed yet. */
  Gradients recorded(StepBuffers buffers, PassWork work) {
    return run(buffers, work, null, Failure.LEAVE);
  }

  /** Leaves everything as it was if it throws. */
  private Gradients run(
      StepBuffers buffers, PassWork work, @Nullable RecordedSteps warmed, Failure failure) {
    Tape tape = state.tape();
    INTERNALS.rewind(tape);
    tape.resume();
    UndoLog undo = INTERNALS.undoLog(session);
    try {
      INTERNALS.takeFrom(tape, buffers.body(state.bufferIndex()));
      OperationLog operations = INTERNALS.operationLog(session);
      OperationLog further = INTERNALS.operationLog(session);
      Pass pass = new Pass(levels, state, buffers, undo, operations, further, warmed);
      Gradients gradients = undo.during(() -> computed(work, pass, failure));
      pass.gives(gradients.tensors());
      return gradients;
    } catch (RuntimeException | Error e) {
      if (failure == Failure.UNDO) {
        standstill.undoAfter(state.steps() + 1, e, undo::undo);
      }
      throw e;
    } finally {
      tape.suspend();
    }
  }

  private static Gradients computed(PassWork work, Pass pass, Failure failure) {
    if (failure == Failure.UNDO) {
      return work.gradients(pass, work.loss());
    }
    Tensor loss = pass.operations().during(work::loss);
    return pass.further().during(() -> work.gradients(pass, loss));
  }

  /** Shows a loss; if it is refused, everything is as before the pass. */
  void inspected(Gradients gradients, Consumer<Tensor> inspection) {
    try {
      inspection.accept(gradients.loss());
    } catch (RuntimeException | Error e) {
      latest = null;
      standstill.undoAfter(state.steps() + 1, e, gradients.pass().undo()::undo);
      throw e;
    }
  }

  /** Drops a pass: what it has changed beside the tower is what it was. */
  void drop(Gradients gradients) {
    Pass pass = checkLast(gradients);
    latest = null;
    standstill.undo(state.steps() + 1, pass.undo());
  }

  /** Refuses gradients that an update cannot take. */
  Pass checkLast(Gradients gradients) {
    Pass pass = gradients.pass();
    if (pass != latest) {
      throw new IllegalStateException(
          "update: these gradients are not the last ones that this optimizer computed; call"
              + " gradients(loss), then update once");
    }
    return pass;
  }

  /** Updates by the gradients of the last pass, or what they were replaced by. */
  void update(Gradients gradients) {
    Pass pass = checkLast(gradients);
    levels.prepare(state.steps());
    boolean isOwn = gradients.tensors() == pass.own();
    if (isOwn && pass.recorded() != null) {
      replayUpdate(pass.recorded());
      return;
    }
    TowerState before = state;
    StepBuffers buffers = isOwn ? pass.buffers() : storage.replaced();
    List<Tensor> taken = isOwn ? pass.own() : kept(gradients.tensors());
    become(advanced(before, buffers, taken, Map.of()));
    released(before);
    if (isOwn && pass.warmed() != null) {
      pass.warmed().warm(storage(buffers, before));
    }
  }

  /** Copies gradients that somebody made to where they live until the next pass has read them. */
  private List<Tensor> kept(List<Tensor> gradients) {
    Tape tape = state.tape();
    tape.resume();
    try {
      INTERNALS.takeFrom(tape, storage.replaced().body(state.bufferIndex()));
      return gradients.stream().map(gradient -> gradient.detach().copy()).toList();
    } finally {
      tape.suspend();
    }
  }

  /** Frees what nothing goes back to. */
  void released(TowerState before) {
    storage.release(before.previous());
    storage.forget(before.tape());
  }

  /** The state after an update, which the next tape begins with. */
  TowerState advanced(
      TowerState before, StepBuffers buffers, List<Tensor> gradients, Map<String, Double> changed) {
    int bufferIndex = 1 - before.bufferIndex();
    Tape tape = INTERNALS.tape(session, storage.update(bufferIndex));
    List<LevelState> next;
    try {
      next = levels.update(tape, before, gradients, changed);
    } catch (RuntimeException | Error e) {
      standstill.inUpdate(before.steps() + 1, e);
      tape.close();
      throw e;
    }
    tape.suspend();
    INTERNALS.keep(tape);
    return new TowerState(
        before.steps() + 1,
        bufferIndex,
        buffers,
        tape,
        before.tape(),
        next,
        UpdateInputs.of(before.levels(), gradients, changed, before.steps()),
        Optional.empty(),
        before.frozen(),
        before.losses());
  }

  private Gradients replayed(RecordedStep step, PassWork work) {
    closeShown();
    work.replays();
    try {
      step.replayPass();
    } catch (RuntimeException | Error e) {
      standstill.undoAfter(state.steps() + 1, e, step::undoMidst);
      throw e;
    }
    shown = session.scratch();
    shown.suspend();
    Gradients recorded = step.gradients();
    latest = recorded.pass().replayed(state, step);
    return new Gradients(latest, INTERNALS.show(shown, recorded.loss()), recorded.tensors());
  }

  private void replayUpdate(RecordedStep step) {
    TowerState before = state;
    try {
      step.replayUpdate();
    } catch (RuntimeException | Error e) {
      standstill.inUpdate(before.steps() + 1, e);
      throw e;
    }
    storage.release(before.tape());
    storage.release(before.previous());
    become(step.after().replayedFrom(before));
  }

  /** The loss of a step that has been taken. */
  Tensor result(Gradients gradients) {
    return gradients.pass().recorded() == null ? gradients.loss().detach() : gradients.loss();
  }

  /** A number that is shown until the next step. */
  Tensor shown(double value) {
    closeShown();
    shown = session.scratch();
    try {
      return session.scalar(value);
    } finally {
      shown.suspend();
    }
  }

  void close() {
    closeShown();
    state.tape().close();
    if (state.previous() != null) {
      state.previous().close();
    }
  }

  void closeShown() {
    if (shown != null) {
      shown.close();
      shown = null;
    }
  }
}
