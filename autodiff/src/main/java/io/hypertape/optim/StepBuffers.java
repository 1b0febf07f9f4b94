package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.checks.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where steps run whose inputs have one form: the inputs, and recordings of the steps. */
final class StepBuffers {

  private final Session session;
  private final Storage storage;
  private final Steps steps;
  private final List<Tensor> inputs = new ArrayList<>();
  private Scope lifetime;
  private long version;
  // None before the first are made, or if making them has failed.
  private Optional<Input[]> made = Optional.empty();
  private Optional<PassWork> work = Optional.empty();
  // Few, and looked through without making anything.
  private final List<After> recorded = new ArrayList<>();

  /**
   * Storage that steps of every form share, each as large as the largest of them needs: that of the
   * inputs, and two workspaces that forward and backward passes use in turn, as a step still reads
   * the gradients of the one before it.
   */
  record Storage(Workspace inputs, Workspace even, Workspace odd) implements AutoCloseable {

    Storage(Session session) {
      this(
          INTERNALS.workspace(session), INTERNALS.workspace(session), INTERNALS.workspace(session));
    }

    Workspace body(int bufferIndex) {
      return bufferIndex == 0 ? even : odd;
    }

    /** Grows whenever any of it is replaced. */
    long version() {
      return inputs.version() + even.version() + odd.version();
    }

    @Override
    public void close() {
      Failures.joined(List.of(inputs::close, even::close, odd::close));
    }
  }

  /** Recordings by what a step finds, as far as its storage depends on it. */
  private record After(
      int bufferIndex,
      StepBuffers previous,
      UpdateWork last,
      PassWork.Kind kind,
      Optional<Object> target,
      RecordedSteps steps) {

    boolean isFor(
        int index,
        StepBuffers before,
        UpdateWork moved,
        PassWork.Kind what,
        Optional<Object> into) {
      return bufferIndex == index
          && previous == before
          && last == moved
          && kind == what
          && target.equals(into);
    }
  }

  /** What becomes of the steps. */
  enum Steps {
    /** They are worth recording: inputs of their form come again. */
    RECORDED,
    /** They are run operation by operation. */
    RUN
  }

  StepBuffers(Session session, Storage storage, Steps steps) {
    this.session = session;
    this.storage = storage;
    this.steps = steps;
  }

  /** What steps on these buffers do, made once. */
  PassWork work(Supplier<PassWork> maker) {
    if (work.isEmpty()) {
      work = Optional.of(maker.get());
    }
    return work.get();
  }

  boolean isRecorded() {
    return steps == Steps.RECORDED;
  }

  /** Makes this a place of such inputs, and puts them there. */
  void create(Input[] values) {
    closeInputs();
    lifetime = session.scratch();
    try {
      INTERNALS.takeFrom(lifetime, storage.inputs());
      for (Input input : values) {
        inputs.add(input.create(session));
      }
    } finally {
      lifetime.suspend();
    }
    version = storage.inputs().version();
    made = Optional.of(values.clone());
  }

  private void closeInputs() {
    made = Optional.empty();
    inputs.clear();
    if (lifetime != null) {
      lifetime.close();
    }
  }

  /** Whether such inputs have their place here. */
  boolean fits(Input[] values) {
    if (made.isEmpty() || values.length != made.get().length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (!values[i].isLike(made.get()[i])) {
        return false;
      }
    }
    return true;
  }

  /** Puts inputs that fit in their place. */
  void overwrite(Input[] values) {
    if (version != storage.inputs().version()) {
      // Larger ones have got a larger place since.
      create(values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i].overwrite(session, inputs.get(i));
    }
  }

  List<Tensor> inputs() {
    return inputs;
  }

  Workspace body(int bufferIndex) {
    return storage.body(bufferIndex);
  }

  long inputsVersion() {
    return storage.inputs().version();
  }

  /**
   * Recordings of steps that follow one of other buffers at this index.
   *
   * @param last what that one moved, which decides what is on the tape
   */
  RecordedSteps after(
      StepBuffers previous,
      int bufferIndex,
      UpdateWork last,
      PassWork.Kind kind,
      Optional<Object> target) {
    for (int i = 0; i < recorded.size(); i++) {
      After one = recorded.get(i);
      if (one.isFor(bufferIndex, previous, last, kind, target)) {
        return one.steps();
      }
    }
    After fresh = new After(bufferIndex, previous, last, kind, target, new RecordedSteps());
    recorded.add(fresh);
    return fresh.steps();
  }

  /** Forgets all recordings. */
  void dropAll() {
    List<After> dropped = List.copyOf(recorded);
    recorded.clear();
    Failures.joined(dropped.stream().<Runnable>map(one -> one.steps()::close).toList());
  }

  /** Forgets recordings whose storage has been replaced, which they would keep from being freed. */
  void dropStale() {
    recorded.removeIf(
        one -> {
          boolean stale =
              !one.steps()
                  .isOn(
                      body(one.bufferIndex()).version(),
                      one.previous().body(1 - one.bufferIndex()).version(),
                      inputsVersion());
          if (stale) {
            one.steps().close();
          }
          return stale;
        });
  }

  void close() {
    List<Runnable> parts = new ArrayList<>();
    recorded.forEach(one -> parts.add(one.steps()::close));
    parts.add(this::closeInputs);
    Failures.joined(parts);
  }
}
