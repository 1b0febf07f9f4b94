package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.checks.Failures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tower at work holds of a session until it is closed. */
final class TowerStorage {

  private final Session session;
  // Of even and odd steps: a step reads what the one before it left.
  private final List<Workspace> updates;
  private final StepBuffers replaced;
  private final StepBuffers unrecorded;
  private final List<StepBuffers> buffers = new ArrayList<>();
  private final List<StepBuffers.Storage> storages = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  // Recordings read what these tapes computed.
  private final Set<Tape> pinned = new LinkedHashSet<>();

  TowerStorage(Session session) {
    this.session = session;
    this.updates = List.of(INTERNALS.workspace(session), INTERNALS.workspace(session));
    this.replaced = buffers(newStorage(), StepBuffers.Steps.RECORDED);
    this.unrecorded = buffers(newStorage(), StepBuffers.Steps.RUN);
  }

  Workspace update(int bufferIndex) {
    return updates.get(bufferIndex);
  }

  /** Where gradients lie that somebody replaced. */
  StepBuffers replaced() {
    return replaced;
  }

  /** For steps that are not prepared. */
  StepBuffers unrecorded() {
    return unrecorded;
  }

  /** Storage for steps of the same kind. */
  StepBuffers.Storage newStorage() {
    StepBuffers.Storage storage = new StepBuffers.Storage(session);
    storages.add(storage);
    return storage;
  }

  /** A place for inputs and recordings. */
  StepBuffers buffers(StepBuffers.Storage storage, StepBuffers.Steps steps) {
    StepBuffers made = new StepBuffers(session, storage, steps);
    buffers.add(made);
    return made;
  }

  /** Closes a parameter together with this. */
  Parameter own(Parameter owned) {
    parameters.add(owned);
    return owned;
  }

  /** Closes what has been {@linkplain #own owned} until now. */
  void disown(Parameter owned) {
    parameters.remove(owned);
    owned.close();
  }

  void pin(@Nullable Tape tape) {
    if (tape != null) {
      pinned.add(tape);
    }
  }

  /** Frees a tape that is not needed any more, unless recordings read from it. */
  void release(@Nullable Tape tape) {
    if (tape != null && !pinned.contains(tape)) {
      tape.close();
    }
  }

  /** Forgets what a tape recorded for derivatives that have been taken; its values stay. */
  void forget(Tape tape) {
    if (pinned.contains(tape)) {
      INTERNALS.rewind(tape);
    } else {
      INTERNALS.forget(tape);
    }
  }

  /** Forgets all recordings, and what they read: steps have become others. */
  void dropRecordings(TowerState state) {
    buffers.forEach(StepBuffers::dropAll);
    List<Tape> free = new ArrayList<>(pinned);
    pinned.clear();
    free.remove(state.tape());
    free.remove(state.previous());
    Failures.joined(free.stream().<Runnable>map(tape -> tape::close).toList());
  }

  /** What closing consists of. */
  List<Runnable> parts() {
    List<Runnable> parts = new ArrayList<>();
    pinned.forEach(tape -> parts.add(tape::close));
    buffers.forEach(one -> parts.add(one::close));
    storages.forEach(one -> parts.add(one::close));
    updates.forEach(one -> parts.add(one::close));
    parameters.forEach(one -> parts.add(one::close));
    return parts;
  }
}
