package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The levels of a tower at work, bottom first, with what changes the first one's updates. */
final class RunningTower {

  private final Session session;
  private final List<RunningLevel> levels = new ArrayList<>();
  private final GradientClipping clipping;
  private final ScheduledFactor factor;

  RunningTower(Tower tower, Session session, List<Parameter> parameters) {
    this.session = session;
    List<Parameter> targets = parameters;
    for (int k = 0; k < tower.height(); k++) {
      RunningLevel level =
          new RunningLevel(session, tower.levels().get(k), k + 1, targets, k == tower.height() - 1);
      levels.add(level);
      targets = level.tunedParameters();
    }
    clipping = new GradientClipping(tower.maxNorm());
    factor = new ScheduledFactor(session, tower.schedule());
    factor.tensor().ifPresent(levels.getFirst()::scaleStepSizes);
  }

  /** First values, on the first tape, which is current. */
  void start(Tape tape) {
    levels.forEach(level -> level.start(tape));
  }

  /** Makes all values leaves of a tape, independent of the last update. */
  void watch(Tape tape) {
    levels.forEach(level -> level.watch(tape));
  }

  /** Gets what the schedule says of the step that comes next in place. */
  void prepare(long step) {
    factor.prepare(step);
  }

  /** What gradients are taken by: every level's targets. */
  List<Tensor> values() {
    List<Tensor> values = new ArrayList<>();
    for (RunningLevel level : levels) {
      for (Parameter target : level.targets()) {
        values.add(target.tracked());
      }
    }
    return values;
  }

  /** Loss and gradients, in the order of {@link #values}, as updates take them. */
  GradientClipping.Clipped clipped(Tensor loss, List<Tensor> gradients) {
    int weights = levels.getFirst().targets().size();
    GradientClipping.Clipped first = clipping.apply(session, loss, gradients.subList(0, weights));
    List<Tensor> all = new ArrayList<>(first.gradients());
    all.addAll(gradients.subList(weights, gradients.size()));
    return new GradientClipping.Clipped(first.loss(), all);
  }

  /** Updates from the top level down, by gradients in the order of {@link #values}. */
  void update(Tape tape, List<Tensor> gradients) {
    int end = gradients.size();
    for (int k = levels.size() - 1; k >= 0; k--) {
      RunningLevel level = levels.get(k);
      int begin = end - level.targets().size();
      level.update(tape, gradients.subList(begin, end));
      end = begin;
    }
  }

  List<TowerState.LevelState> state() {
    List<TowerState.LevelState> states = new ArrayList<>(levels.size());
    for (RunningLevel level : levels) {
      states.add(level.state());
    }
    return states;
  }

  void restore(List<TowerState.LevelState> states) {
    for (int k = 0; k < levels.size(); k++) {
      levels.get(k).restore(states.get(k));
    }
  }

  /** Names what a state and the gradients that an update takes consist of. */
  void name(List<TowerState.LevelState> states, List<Tensor> gradients, NamedTensors named) {
    int at = 0;
    for (int k = 0; k < levels.size(); k++) {
      levels.get(k).name(states.get(k), named);
      for (Parameter target : levels.get(k).targets()) {
        if (!gradients.isEmpty()) {
          named.put(levels.get(k).gradientName(target), gradients.get(at++));
        }
      }
    }
  }

  /** Checks that everything is there which {@link #load} and {@link #loadGradients} need. */
  void check(NamedTensors named, boolean gradients) {
    for (RunningLevel level : levels) {
      level.check(named);
      for (Parameter target : level.targets()) {
        if (gradients) {
          named.check(level.gradientName(target), target.storage().shape());
        }
      }
    }
    named.checkNothingLeft();
  }

  /** Values and states from copies of named tensors, the values as leaves of a tape. */
  void load(NamedTensors named, Tape tape) {
    levels.forEach(level -> level.load(named, tape));
  }

  /** Copies of the gradients that an update takes, in the order of {@link #values}. */
  List<Tensor> loadGradients(NamedTensors named) {
    List<Tensor> gradients = new ArrayList<>();
    for (RunningLevel level : levels) {
      for (Parameter target : level.targets()) {
        gradients.add(named.copy(level.gradientName(target), target.storage().shape()));
      }
    }
    return gradients;
  }

  List<HyperparameterValue> hyperparameters() {
    List<Tensor> stored = new ArrayList<>();
    levels.forEach(level -> stored.addAll(level.stored()));
    double[] read = session.items(stored);
    List<HyperparameterValue> values = new ArrayList<>(read.length);
    for (RunningLevel level : levels) {
      values.addAll(level.values(read, values.size()));
    }
    return values;
  }

  /** Gives the targets the values back that they had before an optimizer that comes to nothing. */
  void leave() {
    for (RunningLevel level : levels) {
      level.targets().forEach(target -> target.set(target.storage()));
    }
  }

  /** Lets the targets keep their values. */
  void commit() {
    for (RunningLevel level : levels) {
      level.targets().forEach(Parameter::commit);
    }
  }
}
