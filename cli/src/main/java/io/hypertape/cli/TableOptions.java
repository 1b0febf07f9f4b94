package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.Missing;
import io.hypertape.data.table.Schema;
import io.hypertape.data.table.TableData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what a table's columns mean. Those that were not given are null. */
final class TableOptions {

  @Option(
      names = "--label",
      paramLabel = "COLUMN[,COLUMN…]",
      description = "of a table: what is to be foretold")
  private String label;

  @Option(
      names = "--task",
      paramLabel = "classes|labels|numbers",
      description =
          "of a table: what kind that is (default: as the cells are; one column of words or of 0 and"
              + " 1 has classes, several of 0 and 1 are labels, others numbers)")
  private Schema.Task task;

  @Option(
      names = "--features",
      paramLabel = "COLUMN[,COLUMN…]",
      description = "of a table: what to foretell it from (default: all other columns)")
  private String features;

  @Option(
      names = "--ignore",
      paramLabel = "COLUMN[,COLUMN…]",
      description = "of a table: columns that are not used")
  private String ignore;

  @Option(
      names = "--categories",
      paramLabel = "COLUMN[,COLUMN…]",
      description = "of a table: columns whose numbers are words, such as zip codes")
  private String categories;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description =
          "of a table: what names a row; rows of one name fall into one part, and predictions have"
              + " it")
  private String id;

  @Option(
      names = "--weight",
      paramLabel = "COLUMN",
      description = "of a table: how much a row counts")
  private String weight;

  @Option(
      names = "--missing",
      paramLabel = "refuse|skip|fill",
      description =
          "of a table: missing cells are an error, leave their rows out, or are filled with the mean"
              + " and told by an input more (default: refuse)")
  private Missing missing;

  @Option(
      names = "--split",
      paramLabel = "TRAIN[:VALID]:TEST",
      description =
          "of a table: shares of the rows to learn from, to choose by and to judge by; a row's part"
              + " is decided by a hash of it (default: 80:10:10)")
  private String split;

  @Option(
      names = "--test-data",
      paramLabel = "FILE",
      description = "of a table: rows to judge by, instead of a part of --data")
  private Path testData;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "of a table: "
              + LossChoice.FORMS
              + " (default: squared-error of numbers, cross-entropy of classes,"
              + " binary-cross-entropy of labels)")
  private LossChoice loss;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  TableOptions() {}

  /** Settles what was not given and refuses what does not fit. */
  void settle(boolean isTable) {
    if (!isTable) {
      Map<String, Object> given = new LinkedHashMap<>();
      given.put("--label", label);
      given.put("--task", task);
      given.put("--features", features);
      given.put("--ignore", ignore);
      given.put("--categories", categories);
      given.put("--id", id);
      given.put("--weight", weight);
      given.put("--missing", missing);
      given.put("--split", split);
      given.put("--test-data", testData);
      given.put("--loss", loss);
      given.forEach(
          (name, value) -> {
            if (value != null) {
              throw wrong(name + " is for tables, which --data FILE.csv names");
            }
          });
      return;
    }
    if (label == null) {
      throw wrong("a table needs --label COLUMN, which names what is to be foretold");
    }
    if (split != null && testData != null) {
      throw wrong("--split and --test-data both say what to judge by; one of them fits");
    }
    split = split == null && testData == null ? "80:10:10" : split;
    if (split != null) {
      shares(split);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Shares shares(String text) {
    return parse(text)
        .orElseThrow(() -> wrong("--split is " + text + "; shares such as 80:10:10 or 80:20 fit"));
  }

  /** Shares as they are written; empty if they are none. */
  static Optional<Shares> parse(String text) {
    double[] parts;
    try {
      parts = Arrays.stream(text.split(":", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      parts = new double[0];
    }
    double sum = Arrays.stream(parts).sum();
    try {
      if (parts.length == 2 || parts.length == 3) {
        double valid = parts.length == 3 ? parts[1] / sum : 0;
        double test = parts[parts.length - 1] / sum;
        return Optional.of(new Shares(valid, test, DataOptions.DATA_SEED));
      }
    } catch (IllegalArgumentException e) {
      // Told by who asks.
    }
    return Optional.empty();
  }

  /** Reads a table, and divides it. */
  TableData read(Path file) throws IOException {
    DataTable table = DataTable.read(file);
    Schema schema = schema(table);
    return testData == null
        ? TableData.of(table, schema, shares(split))
        : TableData.of(table, DataTable.read(testData), schema);
  }

  /** What the columns mean; names that are none are an error of usage. */
  private Schema schema(DataTable table) {
    try {
      Schema schema = Schema.of(table);
      String[] labels = names(table, label);
      if (task == null) {
        schema = schema.predicting(table, labels);
      } else {
        schema =
            switch (task) {
              case CLASSES -> schema.classes(one("--task classes", labels));
              case LABELS -> schema.labels(labels);
              case NUMBERS -> schema.numbers(labels);
            };
      }
      schema = features == null ? schema : schema.features(names(table, features));
      schema = ignore == null ? schema : schema.without(names(table, ignore));
      schema = categories == null ? schema : schema.categories(names(table, categories));
      schema = id == null ? schema : schema.id(id);
      schema = weight == null ? schema : schema.weight(weight);
      return missing == null ? schema : schema.missing(missing);
    } catch (IllegalArgumentException e) {
      throw wrong(Shown.text(e.getMessage()));
    }
  }

  private static String one(String option, String... names) {
    if (names.length != 1) {
      throw new IllegalArgumentException(
          option + " is of one column; --label names " + names.length);
    }
    return names[0];
  }

  /** Columns by their names, of which one may have a comma. */
  private static String[] names(DataTable table, String text) {
    return table.has(text)
        ? new String[] {text}
        : Arrays.stream(text.split(",", -1)).map(String::strip).toArray(String[]::new);
  }

  int outputs(Targets targets) {
    return loss == null ? targets.outputs() : loss.outputs(targets);
  }

  /** The loss that was chosen. */
  Optional<LossChoice.Made> loss(Session session, TableData data) {
    if (loss == null) {
      return Optional.empty();
    }
    if (!loss.fits(data.encoder().targets())) {
      throw wrong(
          "--loss "
              + loss
              + " is no loss of "
              + data.encoder().targets().text()
              + ", which --label names");
    }
    return Optional.of(loss.make(session, data.train()));
  }
}
