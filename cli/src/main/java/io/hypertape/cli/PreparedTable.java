package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.table.TableData;
import io.hypertape.models.Network;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.Trainer;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model of a table's rows, ready to be trained. */
record PreparedTable(
    Session session,
    Network model,
    TableData table,
    Optional<LossChoice.Made> loss,
    String form,
    Map<String, Object> modelConfig)
    implements PreparedModel {

  @Override
  public String data() {
    return Path.of(table.name()).getFileName().toString();
  }

  @Override
  public Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("data", data());
    config.put("train_rows", table.train().size());
    config.put("valid_rows", table.valid().map(part -> part.size()).orElse(0));
    config.put("test_rows", table.test().size());
    config.putAll(modelConfig);
    return config;
  }

  @Override
  public Training training(TrainingOptions options, int parts, TrainingListener listener) {
    Trainer trainer = new Trainer(session, model, table);
    return loss.map(made -> trainer.loss(made.loss()))
        .orElse(trainer)
        .options(options)
        .parts(parts)
        .listener(listener)
        .checked();
  }

  @Override
  public void save(Path file, Map<String, String> notes) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(notes);
    all.putAll(Checkpoint.notes(table.encoder()));
    loss.ifPresent(made -> all.put(LossChoice.NOTE, made.text()));
    Checkpoint.write(file, model, all);
  }
}
