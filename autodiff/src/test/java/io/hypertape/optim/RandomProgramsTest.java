package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.RandomProgram.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is done with optimizers, in whatever order: recorded or not, and gone on with by an
 * optimizer that a snapshot is restored into, or not, all values have the same bits all the time.
 */
class RandomProgramsTest {

  private static final int PROGRAMS = 12;
  private static final int OPERATIONS = 30;

  private static RandomProgram taken(long seed, Mode mode) {
    try (RandomProgram program = new RandomProgram(seed, mode)) {
      program.take(OPERATIONS);
      return program;
    }
  }

  private static void compare(RandomProgram expected, RandomProgram found) {
    for (int i = 0; i < OPERATIONS; i++) {
      String where = found.text(i + 1);
      assertEquals(expected.done().get(i), found.done().get(i), where);
      assertEquals(expected.notes().get(i), found.notes().get(i), where);
      assertArrayEquals(expected.trace().get(i), found.trace().get(i), where);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1000, 2000, 3000})
  void haveTheSameBitsHoweverTheyRun(long from) {
    for (long seed = from; seed < from + PROGRAMS; seed++) {
      RandomProgram plain = taken(seed, Mode.PLAIN);
      compare(plain, taken(seed, Mode.RECORDED_AND_RESUMED));
      compare(plain, taken(seed, seed % 2 == 0 ? Mode.RECORDED : Mode.RESUMED));
    }
  }

  /** Programs consist of what they should consist of, and most of it is not refused. */
  @Test
  void doAllThatThereIs() {
    StringBuilder all = new StringBuilder();
    int replays = 0;
    int refused = 0;
    for (long seed = 0; seed < PROGRAMS; seed++) {
      RandomProgram program = taken(seed, Mode.RECORDED);
      replays += program.run.backend.replays;
      for (String one : program.done()) {
        all.append(one).append('\n');
        refused += one.contains(" threw ") ? 1 : 0;
      }
    }
    for (String what :
        new String[] {
          "prepared step", "refused step 2", "halves 3", "parts of sum", "undo 1", "undo 4",
          "freeze [bias", "unfreeze [weight", "resumed", "hook 3", "undo 0", "several steps"
        }) {
      assertTrue(all.indexOf(": " + what) >= 0, what);
    }
    assertTrue(replays > PROGRAMS * OPERATIONS / 2, "replays: " + replays);
    assertTrue(refused < PROGRAMS * OPERATIONS / 8, "refused: " + refused);
  }
}
