package io.hypertape.optim;

import java.util.stream.Collectors;

/** A tower as text, which {@link TowerParser} reads. */
final class TowerText {

  private TowerText() {}

  static String of(Tower tower) {
    return tower.levels().stream().map(Level::text).collect(Collectors.joining("/"))
        + tower.groups().stream().map(group -> " " + group.text()).collect(Collectors.joining())
        + limit(Tower.CLIP, tower.maxNorm())
        + (tower.schedule() instanceof StepSchedule.Constant
            ? ""
            : " " + Tower.SCHEDULE + "=" + tower.schedule().text())
        + tower.guard().map(guard -> " " + Tower.GUARD + "=" + guard.text()).orElse("")
        + (tower.cap().isNone() ? "" : " " + Tower.CAP + "=" + tower.cap().text())
        + (tower.heldOut() == 0 ? "" : " " + Tower.HELD_OUT + "=" + tower.heldOut());
  }

  private static String limit(String option, double limit) {
    return Double.isInfinite(limit) ? "" : " " + option + "=" + Arguments.number(limit);
  }
}
