package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A language model, ready to be trained. */
record PreparedCharLstm(Session session, CharLstm model, TextCorpus corpus, int unroll)
    implements PreparedModel {

  @Override
  public String data() {
    return corpus.name();
  }

  @Override
  public String form() {
    CharLstmSpec spec = model.spec();
    return model.family() + " " + spec.layers() + "×" + spec.hidden();
  }

  @Override
  public Map<String, Object> config() {
    CharLstmSpec spec = model.spec();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("data", corpus.name());
    config.put("train_characters", corpus.train().length);
    config.put("valid_characters", corpus.valid().length);
    config.put("test_characters", corpus.test().length);
    config.put("vocabulary", corpus.vocabulary().size());
    config.put("model", model.family());
    config.put("hidden", spec.hidden());
    config.put("layers", spec.layers());
    config.put("dropout", spec.dropout());
    config.put("unroll", unroll);
    return config;
  }

  @Override
  public Training training(TrainingOptions options, int parts, TrainingListener listener) {
    if (parts > 1) {
      throw new IllegalArgumentException(
          "--accumulate is for images and tables; a text's streams are fewer with --batch");
    }
    return new LanguageTrainer(session, model, corpus)
        .options(options)
        .unroll(unroll)
        .listener(listener)
        .checked();
  }

  @Override
  public void save(Path file, Map<String, String> notes) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(notes);
    all.putAll(Checkpoint.notes(corpus.vocabulary()));
    Checkpoint.write(file, model, all);
  }
}
