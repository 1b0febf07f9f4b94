package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state that an {@link Edge} goes back to. */
final class NewStart {

  private final Session session;
  private final Tape tape;
  private final TowerState at;
  private final Edge edge;

  private NewStart(Session session, Tape tape, TowerState at, Edge edge) {
    this.session = session;
    this.tape = tape;
    this.at = at;
    this.edge = edge;
  }

  /**
   * Of every level, on a tape, which is current. Levels whose step size no trace tunes, and those
   * above them, stay what they are.
   */
  static List<LevelState> of(RunningTower tower, Tape tape, TowerState at, Edge edge) {
    NewStart start = new NewStart(tower.session(), tape, at, edge);
    List<RunningLevel> levels = tower.levels();
    List<LevelState> states = new ArrayList<>();
    boolean isAnew = false;
    for (int k = 0; k < levels.size(); k++) {
      RunningLevel level = levels.get(k);
      LevelState now = at.levels().get(k);
      int number = level.place().number();
      isAnew = number == 1 ? level.traces().ofStep() : isAnew;
      if (!isAnew) {
        states.add(level.leaves(tape, now, at.frozen()));
      } else if (number == 1) {
        states.add(start.weights(level, now));
      } else if (number == 2) {
        states.add(start.step(level, levels.get(k - 1), now));
      } else {
        states.add(start.initial(level, now, firstValues(level)));
      }
    }
    return states;
  }

  private static List<Tensor> firstValues(RunningLevel level) {
    List<Tensor> first = new ArrayList<>();
    level.targets().forEach(target -> first.add(INTERNALS.storage(target)));
    return first;
  }

  private LevelState weights(RunningLevel level, LevelState now) {
    List<Tensor> means = new ArrayList<>();
    List<LevelTarget> targets = level.layout().targets();
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      boolean moves = target.updated() && !at.frozen().contains(target.parameter());
      means.add(
          moves
              ? now.states().get(i).get(target.state().size()).detach().copy()
              : INTERNALS.move(tape, now.values().get(i)));
    }
    return initial(level, now, means);
  }

  private LevelState step(RunningLevel level, RunningLevel weights, LevelState now) {
    List<Tensor> values = firstValues(level);
    int step =
        weights.traces().step(level.layout().targets().stream().map(NewStart::name).toList());
    values.set(step, now.values().get(step).detach().sub(StrictMath.log(edge.cut())));
    List<Tensor> bounded = weights.hyperparameters().bounded(values);
    LevelState first = initial(level, now, bounded);
    List<Tensor> more = new ArrayList<>(first.more());
    int rests = level.more(RunningHypergradient.RESTS);
    more.set(rests, session.scalar(Edge.rest(at.losses().norms())));
    return new LevelState(first.values(), first.states(), more, first.count());
  }

  private static String name(LevelTarget target) {
    return target.parameter().name();
  }

  /** First states beside some values, but those of frozen targets. */
  private LevelState initial(RunningLevel level, LevelState now, List<Tensor> given) {
    return level.layout().first(session, tape, given, Optional.of(now), at.frozen());
  }
}
