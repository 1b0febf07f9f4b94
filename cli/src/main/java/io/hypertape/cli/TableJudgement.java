package io.hypertape.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Dataset;
import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.TableData;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.metrics.Measure;
import io.hypertape.models.Network;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.ClassErrors;
import io.hypertape.run.Evaluation;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Judges a model by rows of a table: those that its run held back, or all of another file.
 *
 * @param session the model's
 * @param file the model's
 * @param stored what it has
 * @param encoder how rows become inputs
 */
record TableJudgement(Session session, Path file, Checkpoint stored, TableEncoder encoder) {

  /** A line, with a table of classes if there are some. */
  String of(Path place, Optional<Path> given) throws IOException {
    if (!(stored.model() instanceof Network model)) {
      throw StoredModel.unknown(file, stored.model());
    }
    Dataset data =
        given.isPresent() ? encoder.dataset(DataTable.read(given.get())) : heldBack(place);
    Evaluation found = evaluation(model, data);
    EvaluateCommand.checkLoss(file, data.name(), found.loss());
    String line =
        Shown.text(data.name())
            + ": "
            + found.examples()
            + (found.examples() == 1 ? " row, " : " rows, ")
            + found.measures().entrySet().stream()
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    return encoder.targets() instanceof Targets.Classes
        ? line + Shown.table(ClassErrors.of(session, model, data), "rows")
        : line;
  }

  private static String text(Measure measure, double value) {
    return measure.text()
        + " "
        + (measure == Measure.ERROR
            ? String.format(Locale.ROOT, "%.2f%%", 100 * value)
            : String.format(Locale.ROOT, "%.5g", value));
  }

  private Evaluation evaluation(Network model, Dataset data) {
    String loss = stored.metadata().get(LossChoice.NOTE);
    if (loss == null) {
      return Evaluation.of(session, model, data);
    }
    return Evaluation.of(session, model, data, LossChoice.parse(loss).make(session, data).loss());
  }

  /** The part that the run's options held back. */
  private Dataset heldBack(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      throw new IOException(
          file + ": --data FILE names the rows to judge it by, or the run's folder does");
    }
    RunFolder folder = RunFolder.open(place);
    JsonNode then = folder.readConfig().path("options");
    if (then.has("--test-data")) {
      DataTable table = DataTable.read(Path.of(then.path("--test-data").asText()));
      return encoder.dataset(table);
    }
    Optional<Shares> shares = TableOptions.parse(then.path("--split").asText());
    if (!then.has("--data") || shares.isEmpty()) {
      throw new IOException(
          folder.file(RunFolder.CONFIG)
              + ": tells no table that was held back; --data FILE names the rows to judge by");
    }
    DataTable table = DataTable.read(Path.of(then.path("--data").asText()));
    return TableData.of(table, encoder, shares.get()).test();
  }
}
