package io.hypertape.spark;

import io.hypertape.autodiff.Session;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.shards.Shards;
import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;

/**
 * Training on a text.
 *
 * @param text all of it
 * @param factory makes the model
 * @param settings how to train
 */
record TextRun(Broadcast<String> text, LanguageModelFactory factory, LanguageSettings settings)
    implements WorkerRun<Integer> {

  @Override
  public Made in(
      Session session, Iterator<Integer> rows, Shards shards, TrainingListener listener) {
    TextCorpus corpus = TextCorpus.of("text", text.value());
    CharLstm model =
        WorkerRun.given(
            factory.create(session, corpus.vocabulary()), "the factory of models gives");
    LanguageTrainer trainer =
        WorkerRun.given(
            settings.of(new LanguageTrainer(session, model, corpus)), "the settings give");
    return new Made(
        trainer.shards(shards).listener(listener),
        () -> WeightBytes.of(model, Checkpoint.notes(corpus.vocabulary())),
        model::close);
  }
}
