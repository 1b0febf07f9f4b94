package io.hypertape.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * Which batches of a run are held out: nothing is learned from them, they only tune.
 *
 * @param every every so many-th batch; 0 for none
 */
record HeldOut(int every) {

  /** What the update of a step moves, of which the first is number 0. */
  UpdateWork of(long step) {
    if (every == 0) {
      return UpdateWork.ALL;
    }
    return (step + 1) % every == 0 ? UpdateWork.TUNE : UpdateWork.LEARN;
  }

  /** Refuses a tower that batches which are held out could not tune. */
  static void check(Tower tower) {
    if (tower.heldOut() == 0) {
      return;
    }
    List<Tower> all = new ArrayList<>(List.of(tower));
    tower.groups().forEach(group -> all.add(group.tower()));
    if (all.stream().allMatch(each -> each.height() == 1)) {
      String levels = new Tower(tower.levels()).toString();
      throw new IllegalArgumentException(
          Tower.HELD_OUT
              + "="
              + tower.heldOut()
              + ": "
              + levels
              + " is of height 1 and has nothing that a batch could tune which is held out; "
              + levels
              + "/sgd(1e-3) would fit, or no "
              + Tower.HELD_OUT
              + "=");
    }
    for (int group = 0; group < all.size(); group++) {
      List<Level> levels = all.get(group).levels();
      for (int k = 2; k < levels.size(); k++) {
        if (levels.get(k).hypergradient().isFromTape()) {
          throw new IllegalArgumentException(
              new LevelPlace(group, k + 1, k == levels.size() - 1)
                  + ", "
                  + levels.get(k).optimizer().name()
                  + ", by=tape: with "
                  + Tower.HELD_OUT
                  + "= the last update is one of weights, through which no loss depends on what this"
                  + " level tunes; by=agreement(0.5), with by=tape+max or a trace on the level below,"
                  + " would fit");
        }
      }
    }
  }
}
