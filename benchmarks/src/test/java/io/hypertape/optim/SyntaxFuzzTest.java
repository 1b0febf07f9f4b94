package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.Promise;

/** Towers and schedules as people write them. */
class SyntaxFuzzTest {

  /** A tower has 10,000 levels at most, each of which takes some 25 kB in all that is tried. */
  private static final Promise PROMISE =
      Promise.of(TowerSyntaxException.class).within(512L << 20, 10_000 * 64);

  @FuzzTest
  void tower(byte[] input) {
    PROMISE.keep(
        input,
        () -> {
          Tower tower = Tower.parse(Promise.text(input));
          assertEquals(tower, Tower.parse(tower.toString()));
          assertEquals(tower.toString(), Tower.parse(tower.toString()).toString());
        });
  }

  @FuzzTest
  void schedule(byte[] input) {
    PROMISE.keep(
        input,
        () -> {
          StepSchedule schedule = StepSchedule.parse(Promise.text(input));
          assertEquals(schedule, StepSchedule.parse(schedule.text()));
          StepSchedule known = schedule.over(1000);
          assertEquals(known, StepSchedule.parse(known.text()));
          for (long step : new long[] {0, 1, 999, 1000, Long.MAX_VALUE}) {
            double factor = known.factor(step);
            assertEquals(true, factor >= 0, known + " at " + step + " is " + factor);
          }
        });
  }
}
