package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer's settings, one by one. */
class TrainerSettingsTest {

  private static final DataSplit DATA = Strokes.generate(1, 500, 100);
  private static final Tower TOWER = new Sgd(0.1).tunedBy(new Sgd(0.01));

  /** The losses of a run. */
  private static List<Double> losses(UnaryOperator<Trainer> settings) throws IOException {
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(long step, double loss, TowerOptimizer optimizer) {
            losses.add(loss);
          }
        };
    try (Session session = Session.open(Device.CPU)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1);
      Trainer trainer = settings.apply(new Trainer(session, model, DATA)).listener(listener);
      Evaluation test = trainer.run(TOWER);
      assertEquals(trainer.steps(), losses.size());
      losses.add(test.loss());
    }
    return losses;
  }

  @Test
  void eachIsTheOptionOfItsName() throws IOException {
    List<Double> all = losses(t -> t.options(new TrainingOptions(2, 100, 3).limitedTo(7)));
    assertEquals(8, all.size());
    assertEquals(all, losses(t -> t.epochs(2).batch(100).seed(3).limitedTo(7)));
    assertEquals(all, losses(t -> t.limitedTo(7).seed(3).batch(100).epochs(2)));
    assertEquals(losses(t -> t.options(new TrainingOptions(1, 256, 1))), losses(t -> t));
    assertEquals(
        losses(
            t ->
                t.batch(128)
                    .prepared(new Preparation(Normalization.of(DATA.train()), Augmentation.NONE))),
        losses(
            t ->
                t.prepared(new Preparation(Normalization.of(DATA.train()), Augmentation.NONE))
                    .batch(128)));
  }

  @Test
  void aTrainerStaysAsItIs() {
    try (Session session = Session.open(Device.CPU)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
      Trainer trainer = new Trainer(session, model, DATA);
      assertEquals(10, trainer.batch(100).epochs(2).steps());
      assertEquals(2, trainer.steps(), "500 images in batches of 256");
      assertEquals(1, trainer.epochs());
      var e = assertThrows(IllegalArgumentException.class, () -> trainer.batch(0));
      assertEquals("batch is 0; at least 1 is needed", e.getMessage());
      var channels =
          assertThrows(IllegalArgumentException.class, () -> trainer.prepared(Preparation.none(3)));
      assertTrue(channels.getMessage().contains("channels"), channels.getMessage());
    }
  }

  @Test
  void aTextIsReadInStreams(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "to be or not to be, ".repeat(40));
    TextCorpus corpus = TextCorpus.load(file);
    try (Session session = Session.open(Device.CPU)) {
      CharLstmSpec spec = new CharLstmSpec(corpus.vocabulary().size(), 4, 8, 1, 0);
      CharLstm model = CharLstm.create(session, spec, 1);
      LanguageTrainer trainer = new LanguageTrainer(session, model, corpus);
      assertThrows(IllegalArgumentException.class, trainer::checked, "50 × 50 are too many");
      LanguageTrainer small = trainer.streams(4).unroll(10).epochs(2).seed(5).limitedTo(20);
      assertEquals(20, small.steps());
      assertTrue(small.run(TOWER).test().perplexity() < spec.vocabulary());
    }
  }
}
