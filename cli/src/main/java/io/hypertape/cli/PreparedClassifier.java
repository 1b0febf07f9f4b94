package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Preparation;
import io.hypertape.models.Classifier;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.Trainer;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A classifier of images, ready to be trained. */
record PreparedClassifier(
    Session session,
    Classifier model,
    DataSplit split,
    Preparation preparation,
    String form,
    Map<String, Object> modelConfig)
    implements PreparedModel {

  @Override
  public String data() {
    return split.name();
  }

  @Override
  public Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("data", split.name());
    config.put("train_images", split.train().size());
    config.put("test_images", split.test().size());
    config.put("image", split.train().form());
    config.put("classes", split.classNames());
    config.put("augmentation", preparation.augmentation().toString());
    config.put("model", model.family());
    config.putAll(modelConfig);
    return config;
  }

  @Override
  public Training training(TrainingOptions options, int parts, TrainingListener listener) {
    return new Trainer(session, model, split)
        .prepared(preparation)
        .options(options)
        .parts(parts)
        .listener(listener)
        .checked();
  }

  @Override
  public void save(Path file, Map<String, String> notes) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(notes);
    all.putAll(Checkpoint.notes(preparation.normalization()));
    all.putAll(Checkpoint.notes(split.classNames()));
    Checkpoint.write(file, model, all);
  }
}
