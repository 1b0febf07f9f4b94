package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import java.util.Set;

/**
 * How cells stand in a file of comma-separated values.
 *
 * @param delimiter between cells; 0 for the one of comma, semicolon, tab and bar that the header
 *     has most of
 * @param missing what stands in cells that are missing, without blanks around it
 */
public record CsvForm(char delimiter, Set<String> missing) {

  private static final Set<String> USUAL =
      Set.of("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?");

  /** Keeps a copy of the set. */
  public CsvForm {
    Nulls.check(missing, "CSV: missing")
        .forEach(text -> Nulls.check(text, "CSV: a text of missing"));
    missing = Set.copyOf(missing);
    if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new IllegalArgumentException(
          "CSV: the delimiter is a quote or a line's end; another character is needed");
    }
  }

  /**
   * Finds the delimiter in the header; cells are missing that are empty, NA, N/A, NaN, null, None
   * or a question mark.
   *
   * @return the usual form
   */
  public static CsvForm usual() {
    return new CsvForm('\0', USUAL);
  }
}
