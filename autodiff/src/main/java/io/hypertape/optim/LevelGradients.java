package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.RunningHypergradient.Feed;
import io.hypertape.optim.RunningHypergradient.Moved;
import io.hypertape.optim.RunningHypergradient.Traced;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a level updates by.
 *
 * @param gradients by its targets that are not frozen
 * @param feed what they were made with; empty if they are the tape's as they are
 * @param moved what becomes of traces, if the level above tunes by some
 */
record LevelGradients(List<Tensor> gradients, Optional<Feed> feed, Optional<Moved> moved) {

  /** Next means of the targets, if the level above wants them. */
  List<Tensor> means() {
    return moved.map(Moved::means).orElse(List.of());
  }

  /** By how much traces are forgotten. */
  Optional<Tensor> rate() {
    return moved.map(Moved::rate);
  }

  /** 1 where targets move, 0 where they stand still; empty for always 1. */
  Optional<Tensor> open() {
    return feed.flatMap(each -> Optional.ofNullable(each.open()));
  }

  /**
   * What each level updates by.
   *
   * @param gradients of the tape, in the order of {@link RunningTower#values}
   * @param work which levels shall move
   */
  static List<LevelGradients> of(
      List<RunningLevel> levels, TowerState before, List<Tensor> gradients, UpdateWork work) {
    List<LevelGradients> all = new ArrayList<>(levels.size());
    int at = 0;
    for (int k = 0; k < levels.size(); k++) {
      int end = at + levels.get(k).differentiated(before.frozen()).size();
      List<Tensor> own = gradients.subList(at, end);
      if (work == UpdateWork.LEARN) {
        addStanding(all, levels, before, own);
      } else {
        add(all, levels, before, own, work);
      }
      at = end;
    }
    return all;
  }

  /** Above the weights nothing moves, but running means move with the weights. */
  private static void addStanding(
      List<LevelGradients> all, List<RunningLevel> levels, TowerState before, List<Tensor> own) {
    int k = all.size();
    RunningLevel level = levels.get(k);
    if (level.hypergradient().isPresent()
        && level.level().hypergradient().source() instanceof Hypergradient.Eligibility) {
      LevelState below = before.levels().get(k - 1);
      List<Tensor> gradients = all.getLast().gradients;
      RunningLevel weights = levels.get(k - 1);
      Moved moved =
          level
              .hypergradient()
              .get()
              .moved(
                  below.count(),
                  weights.traces(),
                  weights.traced(below, gradients, before.frozen()));
      all.set(k - 1, new LevelGradients(gradients, Optional.empty(), Optional.of(moved)));
    }
    all.add(new LevelGradients(own, Optional.empty(), Optional.empty()));
  }

  private static void add(
      List<LevelGradients> all,
      List<RunningLevel> levels,
      TowerState before,
      List<Tensor> own,
      UpdateWork work) {
    int k = all.size();
    RunningLevel level = levels.get(k);
    if (level.hypergradient().isEmpty()) {
      all.add(new LevelGradients(own, Optional.empty(), Optional.empty()));
      return;
    }
    RunningHypergradient rule = level.hypergradient().get();
    LevelState state = before.levels().get(k);
    // Where batches are held out, the weights' updates count.
    Tensor n =
        work == UpdateWork.ALL
            ? state.count()
            : before.levels().get(k + 1 - level.place().number()).count();
    Feed feed =
        switch (level.level().hypergradient().source()) {
          case Hypergradient.Recorded unused -> rule.ofTape(n, level.remembered(state), own);
          case Hypergradient.Agreement unused ->
              rule.ofAgreement(all.getLast().feed.orElseThrow(), levels.get(k - 1).movedByTuned());
          case Hypergradient.Eligibility unused -> {
            LevelGradients below = all.getLast();
            RunningLevel weights = levels.get(k - 1);
            Traced traced =
                rule.ofTrace(
                    state,
                    n,
                    level.remembered(state),
                    weights.traces(),
                    weights.traced(before.levels().get(k - 1), below.gradients, before.frozen()),
                    work);
            all.set(
                k - 1,
                new LevelGradients(below.gradients, below.feed, Optional.of(traced.moved())));
            yield traced.feed();
          }
        };
    all.add(new LevelGradients(feed.gradients(), Optional.of(feed), Optional.empty()));
  }
}
