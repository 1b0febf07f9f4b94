package io.hypertape.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --data} names: a set that is known, or the file of a table.
 *
 * @param kind what kind of data it is
 * @param file the table's; empty for a set that is known
 */
record DataName(DataKind kind, Optional<Path> file) {

  private static final List<String> ENDINGS = List.of(".csv", ".tsv", ".txt", ".parquet", ".pq");

  static DataName of(DataKind kind) {
    return new DataName(kind, Optional.empty());
  }

  static DataName parse(String text) {
    List<DataKind> known =
        Arrays.stream(DataKind.values()).filter(kind -> kind != DataKind.TABLE).toList();
    for (DataKind kind : known) {
      if (kind.toString().equalsIgnoreCase(text)) {
        return of(kind);
      }
    }
    String name = text.toLowerCase(Locale.ROOT);
    if (ENDINGS.stream().anyMatch(name::endsWith)) {
      return new DataName(DataKind.TABLE, Optional.of(Converters.path(text)));
    }
    throw new TypeConversionException(
        "unknown data set '"
            + text
            + "'; known are "
            + known.stream().map(DataKind::toString).collect(Collectors.joining(", "))
            + ", and tables by their files' names, which end in "
            + String.join(", ", ENDINGS));
  }

  @Override
  public String toString() {
    return file.map(path -> path.toAbsolutePath().toString()).orElse(kind.toString());
  }
}
