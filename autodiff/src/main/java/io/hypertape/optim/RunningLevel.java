package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One level of a tower at work: what it updates, and how. Values and states are not its own but a
 * {@link LevelState}, of which an update makes the next one.
 */
final class RunningLevel {

  private final Session session;
  private final Level level;
  private final LevelPlace place;
  private final UpdateContract contract;
  private final LevelHyperparameters hyperparameters;
  private final List<LevelTarget> targets;
  private final LevelTraces traces;
  private final LevelLayout layout;
  // What its optimizer says that all targets share.
  private final List<StateVariable> shared;
  // What it carries of no single target; begins with what is shared.
  private final List<StateVariable> more;
  private final Optional<RunningHypergradient> hypergradient;

  /**
   * A level on parameters.
   *
   * @param place where it stands
   * @param parameters what it updates
   * @param factor the schedule's at each step; empty for none
   * @param traced whether the level above tunes by traces
   */
  RunningLevel(
      Session session,
      Level level,
      LevelPlace place,
      List<Parameter> parameters,
      Optional<Buffer> factor,
      boolean traced) {
    this.session = session;
    this.level = level;
    this.place = place;
    this.contract = new UpdateContract(place, level.optimizer());
    contract.checkParameters(parameters);
    this.shared = contract.shared();
    List<UpdateTrial> trials = new ArrayList<>();
    List<Parameter> tried = new ArrayList<>();
    List<LevelTarget> untraced = new ArrayList<>();
    for (Parameter parameter : parameters) {
      boolean updated = level.optimizer().updates(parameter.name());
      // What is never updated has nothing to remember.
      List<StateVariable> state = updated ? contract.state(parameter) : List.of();
      untraced.add(new LevelTarget(parameter, updated, state));
      if (updated) {
        trials.add(contract.tryOut(session, parameter, state, shared));
        tried.add(parameter);
      }
    }
    contract.checkSums(tried, trials);
    Optional<Buffer> scale = place.number() == 1 ? factor : Optional.empty();
    if (scale.isPresent()) {
      contract.checkStepSizes();
    }
    this.hyperparameters = new LevelHyperparameters(session, level, place, trials, scale);
    this.traces = traced ? LevelTraces.of(hyperparameters, level.optimizer()) : LevelTraces.NONE;
    this.targets = untraced.stream().map(target -> target.traced(traces)).toList();
    List<String> tuned = parameters.stream().map(Parameter::name).toList();
    this.hypergradient =
        level.hypergradient().isPlain() || parameters.isEmpty()
            ? Optional.empty()
            : Optional.of(new RunningHypergradient(level.hypergradient(), session, tuned, factor));
    List<StateVariable> all = new ArrayList<>(shared);
    hypergradient.ifPresent(rule -> all.addAll(rule.variables()));
    this.more = List.copyOf(all);
    this.layout = new LevelLayout(place, targets, more);
  }

  Level level() {
    return level;
  }

  /** What makes its gradients; empty if they are the tape's as they are. */
  Optional<RunningHypergradient> hypergradient() {
    return hypergradient;
  }

  /** What {@link #hypergradient} remembers, of all that is carried of no single target. */
  List<Tensor> remembered(LevelState state) {
    return state.more().subList(shared.size(), more.size());
  }

  /** What gradients are taken by. */
  List<Parameter> differentiated(Set<Parameter> frozen) {
    if (!level.hypergradient().isFromTape()) {
      return List.of();
    }
    return targets().stream().filter(target -> !frozen.contains(target)).toList();
  }

  /** Of each of its hyperparameters that is tuned, which of its targets it moves. */
  List<List<Integer>> movedByTuned() {
    List<Integer> updated = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).updated()) {
        updated.add(i);
      }
    }
    return hyperparameters.tunedReaders().stream()
        .map(readers -> readers.stream().map(updated::get).toList())
        .toList();
  }

  LevelHyperparameters hyperparameters() {
    return hyperparameters;
  }

  LevelPlace place() {
    return place;
  }

  /** What its state consists of. */
  LevelLayout layout() {
    return layout;
  }

  /** What it remembers for traces above it. */
  LevelTraces traces() {
    return traces;
  }

  /** First values and states, on the first tape, which is current. */
  LevelState start(Tape tape) {
    List<Tensor> stored = targets().stream().map(INTERNALS::storage).toList();
    return layout.first(session, tape, stored, Optional.empty(), Set.of());
  }

  /** Where something is that is carried of no single target; −1 if it is not. */
  int more(String name) {
    return more.stream().map(StateVariable::name).toList().indexOf(name);
  }

  List<Parameter> targets() {
    return targets.stream().map(LevelTarget::parameter).toList();
  }

  /** Lets the targets that are not frozen have the values of a state. */
  void become(LevelState state, Set<Parameter> frozen) {
    for (int i = 0; i < targets.size(); i++) {
      if (!frozen.contains(targets.get(i).parameter())) {
        INTERNALS.place(targets.get(i).parameter(), state.values().get(i));
      }
    }
  }

  /**
   * Lets the targets that are not frozen have the values by which they are to be judged, where
   * those are others than a state's; in the current scope.
   */
  void evaluate(LevelState state, Set<Parameter> frozen) {
    SharedState all = SharedState.of(shared, state.more().subList(0, shared.size()));
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      if (target.updated() && !frozen.contains(target.parameter())) {
        Tensor p = state.values().get(i).detach();
        String name = target.parameter().name();
        Remembered r = new Remembered(name, p, target.names(), state.states().get(i), all);
        Tensor value = level.optimizer().evaluation(r);
        if (value != p) {
          INTERNALS.place(target.parameter(), value.detach());
        }
      }
    }
  }

  /** The same values as leaves of a tape, in their places, but those of frozen targets. */
  LevelState leaves(Tape tape, LevelState state, Set<Parameter> frozen) {
    List<Tensor> values = new ArrayList<>(state.values());
    List<List<Tensor>> states = new ArrayList<>(state.states());
    for (int i = 0; i < targets.size(); i++) {
      if (!frozen.contains(targets.get(i).parameter())) {
        values.set(i, tape.watch(INTERNALS.move(tape, values.get(i))));
        states.set(i, states.get(i).stream().map(s -> INTERNALS.move(tape, s)).toList());
      }
    }
    List<Tensor> moved = state.more().stream().map(m -> INTERNALS.move(tape, m)).toList();
    return new LevelState(values, states, moved, INTERNALS.move(tape, state.count()));
  }

  /**
   * Updates the targets.
   *
   * @param tape the current one
   * @param before values and states
   * @param by what it is updated by
   * @param tuned stored values of the hyperparameters that are tuned, updated on this tape before
   * @param frozen targets that stay what they are
   * @return the next values and states
   */
  LevelState update(
      Tape tape, LevelState before, LevelGradients by, List<Tensor> tuned, Set<Parameter> frozen) {
    Tensor count = before.count().add(1);
    LevelUpdate update = begun(before, tuned, count);
    add(update, before, by, frozen, Tensor::detach);
    List<List<Tensor>> derived =
        traces.others().isEmpty() ? List.of() : derived(tape, before, by, tuned, count, frozen);
    return next(tape, before, update.run(), derived, count, by, frozen);
  }

  private LevelUpdate begun(LevelState before, List<Tensor> tuned, Tensor count) {
    return new LevelUpdate(
        level.optimizer(),
        contract,
        shared,
        before.more().subList(0, shared.size()),
        hyperparameters.effective(tuned, count));
  }

  /** Adds the targets that are updated, each by its gradient. */
  private void add(
      LevelUpdate update,
      LevelState before,
      LevelGradients by,
      Set<Parameter> frozen,
      UnaryOperator<Tensor> taken) {
    Iterator<Tensor> gradient = by.gradients().iterator();
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      if (!frozen.contains(target.parameter())) {
        Tensor g = gradient.next().detach();
        if (target.updated()) {
          Tensor p = taken.apply(before.values().get(i));
          List<Tensor> states = before.states().get(i).subList(0, target.state().size());
          update.add(
              target.parameter().name(), p, g, target.names(), states.stream().map(taken).toList());
        }
      }
    }
  }

  /**
   * Of each target that is updated, the next derivatives by the hyperparameters that traces tune
   * beside the step size; what all targets share counts as a number.
   */
  private List<List<Tensor>> derived(
      Tape tape,
      LevelState before,
      LevelGradients by,
      List<Tensor> tuned,
      Tensor count,
      Set<Parameter> frozen) {
    Tensor kept = by.rate().orElseThrow().neg().add(1);
    Sensitivities flow = new Sensitivities(session, tape, traces, kept);
    List<Tensor> leaves = flow.hyperparameters(hyperparameters.tunedParameters(), tuned);
    LevelUpdate update = begun(before, leaves, count.detach());
    add(update, before, by, frozen, flow::input);
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).updated() && !frozen.contains(targets.get(i).parameter())) {
        flow.along(targets.get(i), before.states().get(i));
      }
    }
    return flow.next(update.run().parameters());
  }

  /**
   * The same values and states on another tape, for a level that stands still: values of targets
   * that are not frozen are leaves. Where the level above wants means of them, these move.
   */
  LevelState standing(Tape tape, LevelState before, LevelGradients by, Set<Parameter> frozen) {
    Iterator<Tensor> mean = by.means().iterator();
    List<Tensor> values = new ArrayList<>(before.values());
    List<List<Tensor>> states = new ArrayList<>(before.states());
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      if (!frozen.contains(target.parameter())) {
        Tensor value = values.get(i).detach();
        values.set(
            i, tape.watch(target.updated() ? value.copy() : INTERNALS.storage(target.parameter())));
        List<Tensor> state = LevelState.copies(states.get(i).subList(0, target.state().size()));
        if (traces.ofStep() && target.updated()) {
          state.add(mean.next());
        }
        state.addAll(traces.standing(target, states.get(i), by.rate()));
        states.set(i, List.copyOf(state));
      }
    }
    return new LevelState(
        values, states, LevelState.copies(before.more()), before.count().detach().copy());
  }

  /** What an update led to, and what it did not change, on the tape that it ran on. */
  private LevelState next(
      Tape tape,
      LevelState before,
      LevelUpdate.Result update,
      List<List<Tensor>> derived,
      Tensor count,
      LevelGradients by,
      Set<Parameter> frozen) {
    Iterator<Updated> results = update.parameters().iterator();
    Iterator<List<Tensor>> derivatives = derived.iterator();
    Iterator<Tensor> mean = by.means().iterator();
    Optional<Tensor> open = by.open();
    List<Tensor> values = new ArrayList<>(targets.size());
    List<List<Tensor>> states = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      if (frozen.contains(target.parameter())) {
        values.add(before.values().get(i));
        states.add(before.states().get(i));
      } else if (!target.updated()) {
        values.add(tape.watch(INTERNALS.storage(target.parameter())));
        states.add(before.states().get(i));
      } else {
        Updated result = results.next();
        contract.check(target.parameter(), target.state(), result);
        Tensor p = moved(open, result.p(), before.values().get(i));
        values.add(p.isTracked() ? p : tape.watch(own(tape, p)));
        List<Tensor> state = new ArrayList<>();
        for (int s = 0; s < target.state().size(); s++) {
          state.add(own(tape, moved(open, result.states().get(s), before.states().get(i).get(s))));
        }
        if (traces.ofStep()) {
          state.add(mean.next());
        }
        if (derivatives.hasNext()) {
          derivatives.next().forEach(each -> state.add(own(tape, each)));
        }
        states.add(List.copyOf(state));
      }
    }
    List<Tensor> now = new ArrayList<>();
    for (int s = 0; s < shared.size(); s++) {
      now.add(own(tape, moved(open, update.shared().now().get(s), before.more().get(s))));
    }
    by.feed().ifPresent(feed -> now.addAll(feed.more()));
    return new LevelState(values, states, now, count);
  }

  /** What it was where a level stands still. */
  private static Tensor moved(Optional<Tensor> open, Tensor next, Tensor before) {
    return open.isEmpty() ? next : Tensor.where(open.get(), next, before.detach());
  }

  /**
   * A tensor that lives as long as a tape, or a copy that does: an update may give what it was
   * given, such as the gradient, which lives no longer than the next pass.
   */
  private static Tensor own(Tape tape, Tensor tensor) {
    return INTERNALS.isOf(tape, tensor) ? tensor.detach() : tensor.copy();
  }

  /**
   * What a trace of this level is made of.
   *
   * @param gradients by the targets that are not frozen
   */
  RunningHypergradient.Parts traced(
      LevelState before, List<Tensor> gradients, Set<Parameter> frozen) {
    RunningHypergradient.Parts parts = new RunningHypergradient.Parts();
    Iterator<Tensor> gradient = gradients.iterator();
    for (int i = 0; i < targets.size(); i++) {
      if (!frozen.contains(targets.get(i).parameter())) {
        Tensor g = gradient.next();
        if (targets.get(i).updated()) {
          parts.add(g, before.values().get(i), traces.read(targets.get(i), before.states().get(i)));
        }
      }
    }
    return parts;
  }
}
