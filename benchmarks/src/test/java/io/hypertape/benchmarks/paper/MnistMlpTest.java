package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.FewSteps;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.StoppedException;
import io.hypertape.data.DataSplit;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.Evaluation;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MnistMlpTest {

  private static final DataSplit DATA = TinyMnist.draw(600, 100);
  private static final Tower TOWER = Tower.parse("adam(1e-3)/sgd(1e-5)");

  @Test
  void itIsThePapersSetUp() throws IOException {
    FewSteps conditions = FewSteps.of(1000);
    Outcome outcome = MnistMlp.of(DATA, 2).part(TOWER, 5).run(conditions);
    assertEquals(2 * 3, conditions.steps()[0], "600 images in batches of 256, the last one kept");
    try (Session session = conditions.open()) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 5);
      TrainingOptions options = new TrainingOptions(2, 256, 5);
      Evaluation test = new Trainer(session, model, DATA).options(options).run(TOWER);
      assertEquals(test.loss(), outcome.figure("test_loss"));
      assertEquals(100 * test.error(), outcome.figure("test_error_percent"), 1e-9);
    }
    assertNotEquals(1e-3, outcome.figure("L1.adam.alpha"));
    assertEquals(1e-5, outcome.figure("L2.sgd.alpha"), 1e-12);
    assertTrue(outcome.figure("train_loss") < 2.5);
    assertEquals("", outcome.note());
  }

  @Test
  void divergenceIsAResult() throws IOException {
    Outcome outcome =
        MnistMlp.of(DATA, 2).part(Tower.parse("adam(3e38)/sgd(1e-5)"), 1).run(FewSteps.of(1000));
    assertEquals(90, outcome.figure("test_error_percent"));
    assertTrue(
        outcome.note().matches("diverged at step [2-6] \\(counted as guessing\\)"), outcome.note());
    // Before, a model that the last update left without a number was tested as any other.
    Tower tower = Tower.parse("sgd(2) schedule=milestones(2, 3e38)");
    Outcome last = MnistMlp.of(DATA, 1).part(tower, 1).run(FewSteps.of(1000));
    assertEquals("diverged at step 3 (counted as guessing)", last.note());
    assertEquals(90, last.figure("test_error_percent"));
  }

  @Test
  void whatWasStoppedIsNoResult() {
    assertThrows(
        StoppedException.class, () -> MnistMlp.of(DATA, 2).part(TOWER, 1).run(FewSteps.of(4)));
  }

  @Test
  void otherDataAreAnotherRun() {
    String key = MnistMlp.of(DATA, 2).key().toString();
    assertEquals(key, MnistMlp.of(TinyMnist.draw(600, 100), 2).key().toString());
    DataSplit changed = TinyMnist.withAnotherPixel(TinyMnist.draw(600, 100));
    assertNotEquals(key, MnistMlp.of(changed, 2).key().toString());
  }
}
