package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.FewSteps;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.StoppedException;
import io.hypertape.benchmarks.study.ImageTask.Objective;
import io.hypertape.data.Strokes;
import org.junit.jupiter.api.Test;

class StudyPartTest {

  private static ImageTask task(int epochs) {
    ImageData data = ImageData.of(Strokes.generate(1, 200, 40), 10);
    return ImageTask.of(
        "t", Half.TUNING, StudyNetwork.RELU_MLP, Objective.CLASSES, data, 20, epochs, 1e-3);
  }

  private static Outcome run(String tower, int epochs) {
    return StudyPart.of(task(epochs), tower, "", 1).run(FewSteps.toTheEnd());
  }

  @Test
  void equalPartsHaveEqualBits() {
    assertEquals(run("adam(0.01)/sgd(1e-5)", 2), run("adam(0.01)/sgd(1e-5)", 2));
  }

  @Test
  void aLossThatIsNoNumberCountsAsChance() {
    Outcome outcome = run("sgd(1e38)", 20);
    assertTrue(outcome.note().matches("no number from step \\d+ on"), outcome.note());
    assertEquals(90, outcome.figure(StudyPart.TEST));
    assertEquals(90, outcome.figure(StudyPart.VALID));
    assertTrue(outcome.figure("steps") < 180, "nobody comes back from there");
    Outcome last = run("sgd(1e38)", 1);
    assertEquals("no number after the last step", last.note());
    assertEquals(90, last.figure(StudyPart.TEST));
  }

  @Test
  void stepSizesAreThoseWithTheirSchedule() {
    Outcome outcome = run("sgd(0.1, mu=0.9) schedule=cosine", 10);
    assertEquals(0.1, outcome.figure(StudyPart.STEP_SIZE + "0"), 1e-6);
    assertEquals(0.05, outcome.figure(StudyPart.STEP_SIZE + "45"), 1e-6);
    assertTrue(outcome.figure(StudyPart.STEP_SIZE + "89") < 1e-3, outcome.figures().toString());
    Outcome tuned = run("sgd(0.01)/sgd(1e-3)", 10);
    assertTrue(tuned.figure(StudyPart.STEP_SIZE + "89") > 0.0101, tuned.figures().toString());
  }

  private static double found(Outcome outcome, int step) {
    return outcome.figures().getOrDefault(StudyPart.FOUND + step, Double.NaN);
  }

  /** What an optimizer finds is in its step size, from its first guess on, beside the schedule. */
  @Test
  void stepSizesThatAreFoundAreNoted() {
    Outcome prodigy = run("prodigy(2)", 10);
    assertEquals(2e-6, found(prodigy, 0), 1e-12);
    assertTrue(found(prodigy, 89) > 1e-5, "it has grown");
    assertEquals(2, prodigy.figure(StudyPart.STEP_SIZE + "89"), "what multiplies it");
    Outcome falling = run("dadapt-adam schedule=cosine", 10);
    assertEquals(1e-6, found(falling, 0), 1e-12);
    assertTrue(found(falling, 44) > 1e-5, "it has grown");
    assertTrue(found(falling, 89) < found(falling, 44) / 5, "by its schedule");
    Outcome factor = run("hd-sgd(0.01)", 10);
    assertEquals(0.01, found(factor, 0), 1e-8);
    assertTrue(found(factor, 89) > 0.0101, "it has grown");
    for (String tower :
        new String[] {"dog", "dog(1, average=8)", "dowg", "dadapt-sgd", "mechanic-adamw"}) {
      Outcome outcome = run(tower, 5);
      double late = found(outcome, 44);
      assertTrue(late > 1e-5 && late < 100, tower + " " + late);
      assertTrue(Double.isNaN(found(outcome, 0)), tower + " has none before its first gradient");
    }
    assertTrue(Double.isNaN(found(run("schedule-free-sgd", 1), 8)), "it finds none");
  }

  @Test
  void aLongTowerIsToldAsItWasWritten() {
    StudyPart part = StudyPart.of(task(1), "auto(adam(1e-8))", "", 1);
    assertEquals("t auto(adam(1e-8)), seed 1", part.label());
    assertEquals(part.tower().toString(), part.key().get("tower"));
    assertTrue(part.tower().toString().length() > 60, part.tower().toString());
    assertEquals("t adam(0.001), seed 1", StudyPart.of(task(1), "adam(1e-3)", "", 1).label());
  }

  /** From far too small and from far too large: it learns, and its step sizes are noted. */
  @Test
  void selfTuningTowersTrainFromAnywhere() {
    for (String start : new String[] {"1e-8", "1e1"}) {
      Outcome outcome = run("auto(adam(" + start + "))", 10);
      assertEquals("", outcome.note());
      assertTrue(outcome.figure(StudyPart.TEST) < 60, outcome.figures().toString());
      double middle = outcome.figure(StudyPart.STEP_SIZE + "44");
      assertTrue(middle > 1e-5 && middle < 1, outcome.figures().toString());
      assertTrue(
          outcome.figure(StudyPart.STEP_SIZE + "89") < middle / 5, outcome.figures().toString());
    }
  }

  @Test
  void aPartStopsBetweenSteps() {
    FewSteps conditions = FewSteps.of(5);
    StudyPart part = StudyPart.of(task(1), "sgd(0.1)", "", 1);
    assertThrows(StoppedException.class, () -> part.run(conditions));
    assertEquals(5, conditions.steps()[0]);
  }
}
