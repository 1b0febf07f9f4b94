package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose numbers stop being finite has diverged, whatever its losses are, and keeps nothing of
 * that: before, a run whose last update did it was done, and its model without a number.
 */
public abstract class FiniteRuns {

  private static final DataSplit DATA = Strokes.generate(1, 40, 20);
  // Weight decay times a step size: too much for single precision at the first update.
  private static final String TOO_FAR = "sgd(3e38, decay=1e30)";
  // Twice as much as single precision holds, at the last of four steps.
  private static final String IN_THE_END = "sgd(2) schedule=milestones(3, 3e38)";

  @TempDir private Path folder;

  /** The session to be tested, in single precision. */
  protected abstract Session open();

  /** What a run offers to be kept. */
  private static final class Keeper implements TrainingListener {
    final List<Object> told = new ArrayList<>();
    long stopAfter = Long.MAX_VALUE;
    private long steps;

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      assertTrue(Double.isFinite(loss));
      steps = step;
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      told.add("epoch " + epoch);
    }

    @Override
    public void checkpoint(Supplier<RunState> state) {
      told.add("state at step " + state.get().steps());
    }

    @Override
    public boolean stops() {
      return steps >= stopAfter;
    }
  }

  private static Training training(Session session, Mlp model, int epochs, Keeper keeper) {
    return new Trainer(session, model, DATA)
        .options(new TrainingOptions(epochs, 20, 1))
        .listener(keeper);
  }

  private static void assertDiverges(Training training, String tower, String... parts) {
    var e = assertThrows(DivergedException.class, () -> training.run(Tower.parse(tower)));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void whatTheLastUpdateDidIsFoundBeforeAnythingIsKept() {
    try (Session session = open()) {
      Keeper keeper = new Keeper();
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1);
      assertDiverges(
          training(session, model, 2, keeper),
          IN_THE_END,
          "diverged at step 4, in epoch 2: after its update ",
          " of 6370 weights are no finite numbers: layer1.weight (",
          " of 6272), layer1.bias (8 of 8), layer2.weight (80 of 80), layer2.bias (10 of 10), with",
          "L1.sgd.alpha=2.00000",
          "; a smaller step size, or gradients that are clipped");
      assertEquals(List.of("epoch 1", "state at step 2"), keeper.told);
      assertThrows(IllegalStateException.class, () -> write(model));
    }
  }

  @Test
  void aRunThatIsStoppedKeepsNoSuchState() {
    try (Session session = open()) {
      Keeper keeper = new Keeper();
      keeper.stopAfter = 1;
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1);
      assertDiverges(training(session, model, 2, keeper), TOO_FAR, "diverged at step 1, in epoch");
      assertEquals(List.of(), keeper.told);
    }
  }

  @Test
  void aLanguageModelDivergesAsWell() throws IOException {
    TextCorpus corpus =
        TextCorpus.load(Files.writeString(folder.resolve("text"), "abcd efgh\n".repeat(10)));
    try (Session session = open()) {
      Keeper keeper = new Keeper();
      CharLstm model =
          CharLstm.create(session, new CharLstmSpec(corpus.vocabulary().size(), 4, 4, 1, 0), 1);
      Training training =
          new LanguageTrainer(session, model, corpus)
              .options(new TrainingOptions(1, 2, 1).limitedTo(1))
              .unroll(20)
              .listener(keeper);
      assertDiverges(training, TOO_FAR, "diverged at step 1, in epoch 1: after its update");
      assertEquals(List.of(), keeper.told);
    }
  }

  /** Finite weights whose products are not. */
  @Test
  void aModelThatComputesNoNumberHasDiverged() {
    try (Session session = open()) {
      Keeper keeper = new Keeper();
      MlpSpec linear = new MlpSpec(List.of(784, 8, 10), List.of(Activation.NONE, Activation.NONE));
      Mlp model = Mlp.create(session, linear, 1);
      Trainer trainer =
          new Trainer(session, model, DATA).options(new TrainingOptions(1, 40, 1)).listener(keeper);
      assertDiverges(
          trainer,
          "sgd(1e30)",
          "all weights are finite numbers, but the loss on the data held back is NaN, with");
      assertEquals(List.of(), keeper.told);
    }
  }

  private Path write(Model model) throws IOException {
    Path file = folder.resolve("m.safetensors");
    Checkpoint.write(file, model, Map.of());
    return file;
  }

  @Test
  void aGoodFileIsNotReplacedByOneOfNoUse() throws IOException {
    try (Session session = open()) {
      Path file = write(Mlp.create(session, MlpSpec.tanh(2, 2), 1));
      byte[] good = Files.readAllBytes(file);
      double[] weight = {1, Double.NaN, Double.POSITIVE_INFINITY, 3};
      Mlp bad =
          Mlp.of(
              session,
              MlpSpec.tanh(2, 2),
              Map.of("layer1.weight", weight, "layer1.bias", new double[2]));
      var e = assertThrows(IllegalStateException.class, () -> write(bad));
      assertEquals(
          file
              + " was not written: in single precision 2 of 6 weights are no finite numbers:"
              + " layer1.weight (2 of 4); Checkpoint.NonFinite.KEEP writes them all the same",
          e.getMessage());
      assertArrayEquals(good, Files.readAllBytes(file));
      Checkpoint.write(file, bad, Map.of(), Checkpoint.NonFinite.KEEP);
      FiniteCheck found = FiniteCheck.of(Checkpoint.read(session, file).model());
      assertEquals(List.of(new FiniteCheck.Unfit("layer1.weight", 2, 4)), found.unfit());
    }
  }
}
