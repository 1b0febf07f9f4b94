package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerState.LevelState;
import io.hypertape.optim.TowerState.Undone;
import io.hypertape.optim.TowerState.UpdateInputs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Other states than a step leads to: the first one, those that are gone back to, and those of
 * another run.
 */
final class TowerRevision {

  private static final String STEP = "update/step";
  private static final String LOSSES = "losses/";
  private static final String USUAL = "norm";
  private static final String NORMS = "norms";

  private final TowerRunner runner;
  private final Session session;
  private final RunningTower levels;
  private final String text;
  private final Freezing freezing;

  TowerRevision(TowerRunner runner, Freezing freezing, String text) {
    this.runner = runner;
    this.session = runner.session();
    this.levels = runner.levels();
    this.freezing = freezing;
    this.text = text;
  }

  /** What a tower begins with. */
  static TowerState first(Session session, RunningTower levels, TowerStorage storage) {
    Tape tape = INTERNALS.tape(session, storage.update(0));
    try {
      List<LevelState> states = levels.start(tape);
      tape.suspend();
      INTERNALS.keep(tape);
      return TowerState.first(tape, states, Set.of());
    } catch (RuntimeException | Error e) {
      levels.leave();
      tape.close();
      throw e;
    }
  }

  void undo() {
    TowerState after = runner.state();
    UpdateInputs inputs =
        after
            .updateInputs()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        after.undone().isPresent()
                            ? "undo: the last update has been taken back already"
                            : "undo: there is no update yet; or all parameters were frozen in the last"
                                + " one, or some have been unfrozen since"));
    onNewTape(
        runner,
        tape -> {
          List<LevelState> before = levels.leaves(tape, inputs.levels(), after.frozen());
          List<Tensor> gradients =
              inputs.gradients().stream().map(g -> INTERNALS.move(tape, g)).toList();
          return TowerState.ofLeaves(
              after.steps() - 1,
              1 - after.bufferIndex(),
              tape,
              before,
              Optional.of(new Undone(after.buffers(), gradients, inputs.step())),
              after.frozen(),
              after.losses());
        });
  }

  /**
   * Goes on from a state whose values are leaves of a new tape, after which those before it are not
   * needed.
   *
   * @param leaves makes the state; the tape is current
   */
  static void onNewTape(TowerRunner runner, Function<Tape, TowerState> leaves) {
    TowerState after = runner.state();
    runner.closeShown();
    Tape tape = runner.session().tape();
    TowerState next;
    try {
      next = leaves.apply(tape);
    } finally {
      tape.suspend();
    }
    INTERNALS.keep(tape);
    runner.become(next);
    runner.storage().release(after.tape());
    runner.storage().release(after.previous());
  }

  /** Begins anew at the means of the weights; the next pass is the next step's. */
  void beginAnew(Edge edge) {
    TowerState after = runner.state();
    onNewTape(
        runner,
        tape ->
            TowerState.ofLeaves(
                after.steps(),
                after.bufferIndex(),
                tape,
                NewStart.of(levels, tape, after, edge),
                Optional.empty(),
                after.frozen(),
                after.losses()));
  }

  void redo(Map<String, Double> hyperparameters) {
    TowerState before = runner.state();
    Undone undone =
        before
            .undone()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "redo: no update has been taken back, or a step has begun since, or freezing"));
    hyperparameters.forEach(
        (label, value) -> {
          Nulls.check(label, "redo: a label of hyperparameters");
          Nulls.check(value, "redo: the value of " + label);
        });
    levels.check(hyperparameters);
    levels.fix(hyperparameters);
    levels.prepare(undone.step());
    runner.become(
        runner
            .advanced(before, undone.buffers(), undone.gradients(), hyperparameters)
            .updatedAt(undone.step()));
    runner.released(before);
  }

  TowerSnapshot snapshot() {
    NamedTensors named = new NamedTensors();
    TowerState state = runner.state();
    levels.name(state, named);
    nameNumbers(state, named);
    return new TowerSnapshot(text, runner.state().steps(), named.all());
  }

  /** Numbers that the host keeps. */
  private void nameNumbers(TowerState state, NamedTensors named) {
    long step = state.updateInputs().map(UpdateInputs::step).orElse(state.steps() - 1);
    if (step != state.steps() - 1) {
      named.put(STEP, number(step));
    }
    Guard.Losses losses = state.losses();
    if (!losses.isEmpty()) {
      named.put(LOSSES + "mean", number(losses.mean()));
      named.put(LOSSES + "deviation", number(losses.deviation()));
      named.put(LOSSES + "first", number(losses.first()));
    }
    if (!losses.isEmpty() || losses.jumps() > 0) {
      named.put(LOSSES + "jumps", number(losses.jumps()));
    }
    if (!Double.isNaN(losses.usual())) {
      // There is no infinite number in a file; none below 0 is a norm.
      named.put(LOSSES + USUAL, number(Double.isInfinite(losses.usual()) ? -1 : losses.usual()));
      named.put(LOSSES + NORMS, number(losses.norms()));
    }
  }

  private Tensor number(double value) {
    return session.tensor(DoubleParts.of(value), DoubleParts.NUMBER);
  }

  private static OptionalDouble number(NamedTensors named, String name) {
    return named
        .find(name, DoubleParts.NUMBER)
        .map(found -> OptionalDouble.of(DoubleParts.sum(found.toDoubles())))
        .orElse(OptionalDouble.empty());
  }

  private static Guard.Losses all(NamedTensors named) {
    double norm = number(named, LOSSES + USUAL).orElse(Double.NaN);
    return losses(named)
        .usually(
            norm < 0 ? Double.POSITIVE_INFINITY : norm,
            (long) number(named, LOSSES + NORMS).orElse(0));
  }

  private static Guard.Losses losses(NamedTensors named) {
    OptionalDouble mean = number(named, LOSSES + "mean");
    if (mean.isEmpty()) {
      long jumps = (long) number(named, LOSSES + "jumps").orElse(0);
      return Guard.Losses.NONE.after(jumps);
    }
    double[] others = new double[3];
    String[] names = {"deviation", "first", "jumps"};
    for (int i = 0; i < names.length; i++) {
      String name = LOSSES + names[i];
      named.check(name, DoubleParts.NUMBER);
      others[i] = number(named, name).orElseThrow();
    }
    return new Guard.Losses(
        mean.getAsDouble(), others[0], others[1], (long) others[2], Double.NaN, 0);
  }

  void restore(TowerSnapshot snapshot) {
    TowerState before = runner.state();
    if (before.steps() > 0 || before.previous() != null) {
      throw new IllegalStateException(
          "restore: this optimizer has taken " + before.steps() + " steps; bind the tower anew");
    }
    freezing.checkOwn("restore", before.frozen());
    if (!snapshot.tower().equals(text)) {
      throw new IllegalArgumentException(
          "state of a tower: it is of the tower " + snapshot.tower() + ", not of " + text);
    }
    NamedTensors named = new NamedTensors(snapshot.tensors());
    Map<String, Double> changed = levels.changed(named);
    Optional<Cooling> cooling = levels.cooling(named);
    OptionalDouble step = number(named, STEP);
    Guard.Losses losses = all(named);
    boolean updated = snapshot.tensors().keySet().stream().anyMatch(n -> n.endsWith("/gradient"));
    if (snapshot.steps() == 0 && updated) {
      throw new IllegalArgumentException("state of a tower: it has gradients, but no step");
    }
    levels.check(named, updated, before.frozen());
    levels.check(changed);
    try {
      levels.fix(changed);
      levels.cool(cooling);
      long at = step.isPresent() ? (long) step.getAsDouble() : snapshot.steps() - 1;
      load(before.with(losses), named, updated, new Place(snapshot.steps(), at), changed);
    } catch (RuntimeException | Error e) {
      runner.standstill().inRestore(e);
      levels.leave();
      throw e;
    }
  }

  /** How many steps have been taken, and at which place of the schedule the last update was. */
  private record Place(long steps, long update) {}

  private void load(
      TowerState before,
      NamedTensors named,
      boolean updated,
      Place place,
      Map<String, Double> changed) {
    before.tape().close();
    Tape tape = INTERNALS.tape(session, runner.storage().update(0));
    List<LevelState> states;
    List<Tensor> gradients;
    try {
      states = freezing.kept(levels.load(named, tape, before.frozen()), before.frozen());
      gradients = updated ? levels.loadGradients(named, before.frozen()) : List.of();
    } finally {
      tape.suspend();
    }
    INTERNALS.keep(tape);
    long steps = place.steps();
    TowerState loaded =
        TowerState.first(tape, states, before.frozen())
            .at(updated ? steps - 1 : steps)
            .with(before.losses());
    if (updated) {
      // Computes the last update anew, which is what the next step's tape begins with.
      levels.prepare(place.update());
      loaded = runner.advanced(loaded, null, gradients, changed).updatedAt(place.update());
    }
    runner.become(loaded);
  }
}
