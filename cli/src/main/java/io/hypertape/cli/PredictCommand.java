package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.cli.spi.Terminal;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.SafetensorsException;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.models.Network;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.TablePredictions;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Foretells new rows of a table. */
@Command(
    name = "predict",
    description =
        "Foretells new rows of a table, as CSV: the class and each class's probability, labels'"
            + " probabilities, or numbers.")
final class PredictCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "a model.safetensors that was trained on a table, or the folder of a run")
  private Path place;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "the rows, CSV or Parquet, with the columns that the model foretells from")
  private Path rows;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write (default: standard output)")
  private Path out;

  @Mixin private BackendOptions backend;

  private PredictCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = StoredModel.file(place);
    try (Session session = backend.open()) {
      System.err.println(session.description());
      Checkpoint stored = StoredModel.read(session, file);
      TableEncoder encoder = encoder(file, stored);
      DataTable table = DataTable.read(rows);
      if (!(stored.model() instanceof Network model)) {
        throw StoredModel.unknown(file, stored.model());
      }
      TablePredictions found = TablePredictions.of(session, model, encoder, table);
      if (out != null) {
        AtomicFile.write(
            out,
            stream -> {
              Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
              found.write(writer);
              writer.flush();
            });
      } else {
        print(found);
      }
      return 0;
    }
  }

  private static TableEncoder encoder(Path file, Checkpoint stored) throws IOException {
    return StoredModel.encoder(file, stored)
        .orElseThrow(
            () ->
                new SafetensorsException(
                    file
                        + ": "
                        + stored.model().family()
                        + " was not trained on a table: its metadata have no table, which tells"
                        + " what becomes of columns"));
  }

  private static void print(TablePredictions found) throws IOException {
    if (Terminal.isOutput()) {
      found.write(System.out);
      System.out.flush();
      return;
    }
    // To another program, as it is and in UTF-8 as it was read.
    Writer writer = new OutputStreamWriter(ShownStream.raw(System.out), StandardCharsets.UTF_8);
    found.write(writer);
    writer.flush();
  }
}
