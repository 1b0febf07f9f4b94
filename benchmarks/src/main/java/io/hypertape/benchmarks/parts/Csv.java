package io.hypertape.benchmarks.parts;

import io.hypertape.io.guard.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table for programs (RFC 4180 but for its line ends): texts and numbers. */
public final class Csv {

  private final StringBuilder text = new StringBuilder();

  /**
   * A table without rows.
   *
   * @param columns the columns' names
   */
  public Csv(String... columns) {
    row((Object[]) columns);
  }

  /**
   * Adds a row.
   *
   * @param cells one a column; NaN is an empty one
   */
  public void row(Object... cells) {
    text.append(Stream.of(cells).map(Csv::cell).collect(Collectors.joining(","))).append('\n');
  }

  private static String cell(Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return "";
    }
    String plain = value.toString();
    return plain.matches("[^,\"\\r\\n]*") ? plain : '"' + plain.replace("\"", "\"\"") + '"';
  }

  /**
   * Writes it in UTF-8.
   *
   * @param file where
   * @throws IOException if that fails
   */
  public void write(Path file) throws IOException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
