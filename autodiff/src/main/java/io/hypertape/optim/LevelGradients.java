package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.RunningHypergradient.Feed;
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
 * @param means next means of the targets, if the level above wants them
 */
record LevelGradients(List<Tensor> gradients, Optional<Feed> feed, List<Tensor> means) {

  /** 1 where targets move, 0 where they stand still; empty for always 1. */
  Optional<Tensor> open() {
    return feed.flatMap(each -> Optional.ofNullable(each.open()));
  }

  /**
   * What each level updates by.
   *
   * @param gradients of the tape, in the order of {@link RunningTower#values}
   */
  static List<LevelGradients> of(
      List<RunningLevel> levels, TowerState before, List<Tensor> gradients) {
    List<LevelGradients> all = new ArrayList<>(levels.size());
    int at = 0;
    for (int k = 0; k < levels.size(); k++) {
      int end = at + levels.get(k).differentiated(before.frozen()).size();
      add(all, levels, before, gradients.subList(at, end));
      at = end;
    }
    return all;
  }

  private static void add(
      List<LevelGradients> all, List<RunningLevel> levels, TowerState before, List<Tensor> own) {
    int k = all.size();
    RunningLevel level = levels.get(k);
    if (level.hypergradient().isEmpty()) {
      all.add(new LevelGradients(own, Optional.empty(), List.of()));
      return;
    }
    RunningHypergradient rule = level.hypergradient().get();
    LevelState state = before.levels().get(k);
    Feed feed =
        switch (level.level().hypergradient().source()) {
          case Hypergradient.Recorded unused -> rule.ofTape(state, level.remembered(state), own);
          case Hypergradient.Agreement unused -> rule.ofAgreement(all.getLast().feed.orElseThrow());
          case Hypergradient.Eligibility unused -> {
            LevelGradients below = all.getLast();
            Traced traced =
                rule.ofTrace(
                    state,
                    level.remembered(state),
                    levels
                        .get(k - 1)
                        .traced(before.levels().get(k - 1), below.gradients, before.frozen()));
            all.set(k - 1, new LevelGradients(below.gradients, below.feed, traced.means()));
            yield traced.feed();
          }
        };
    all.add(new LevelGradients(feed.gradients(), Optional.of(feed), List.of()));
  }
}
