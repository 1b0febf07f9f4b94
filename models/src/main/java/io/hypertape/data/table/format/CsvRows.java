package io.hypertape.data.table.format;

import io.hypertape.io.guard.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads files of comma-separated values (RFC 4180), UTF-8 with a header, by Commons CSV. */
public final class CsvRows {

  private static final String ARTIFACT = "org.apache.commons:commons-csv";
  private static final String MODULE = "org.apache.commons.csv";
  private static final int HEAD = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private CsvRows() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @param delimiter between cells; 0 for the one of comma, semicolon, tab and bar that the header
   *     has most of
   * @param missing what stands in cells that are missing
   * @param sink takes the cells
   * @throws MissingLibraryException if Commons CSV is not there
   * @throws IOException if it cannot be read, or a row has more or fewer cells than the header;
   *     tells the line
   */
  public static void read(Path file, char delimiter, Set<String> missing, CellSink sink)
      throws IOException {
    RegularFile.check(file, "a table");
    try (Reader reader = open(file)) {
      parse(file, reader, delimiter, missing, sink);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is not UTF-8, which tables of text are read as", e);
    } catch (NoClassDefFoundError e) {
      throw new MissingLibraryException(file.toString(), "CSV", ARTIFACT, MODULE, e);
    }
  }

  private static Reader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            Files.newInputStream(file),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)),
        2 * HEAD);
  }

  private static void parse(
      Path file, Reader reader, char delimiter, Set<String> missing, CellSink sink)
      throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter == 0 ? delimiter(reader) : delimiter)
            .setIgnoreEmptyLines(true)
            .get();
    try (CSVParser parser = CSVParser.builder().setReader(reader).setFormat(format).get()) {
      List<String> columns = List.of();
      for (CSVRecord row : parser) {
        long line = parser.getCurrentLineNumber() - linesWithin(row);
        if (columns.isEmpty()) {
          columns = header(file, row);
          sink.columns(columns);
        } else {
          checkCells(file, line, row, columns);
          sink.row(line);
          for (int k = 0; k < columns.size(); k++) {
            String cell = row.get(k).strip();
            if (!missing.contains(cell)) {
              sink.text(k, cell);
            }
          }
        }
      }
      if (columns.isEmpty()) {
        throw new IOException(file + ": is empty; a line with the names of columns is needed");
      }
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException coding) {
        throw coding;
      }
      throw new IOException(file + ": is no table of text: " + e.getCause().getMessage(), e);
    }
  }

  /** Line breaks in a row's cells: it begins so many lines before it ends. */
  private static long linesWithin(CSVRecord row) {
    long lines = 0;
    for (String cell : row) {
      for (int i = 0; i < cell.length(); i++) {
        char c = cell.charAt(i);
        boolean alone = c == '\r' && (i + 1 == cell.length() || cell.charAt(i + 1) != '\n');
        lines += c == '\n' || alone ? 1 : 0;
      }
    }
    return lines;
  }

  private static char delimiter(Reader reader) throws IOException {
    reader.mark(HEAD);
    int[] counts = new int[128];
    boolean quoted = false;
    for (int i = 0; i < HEAD - 1; i++) {
      int c = reader.read();
      if (c < 0 || !quoted && (c == '\n' || c == '\r')) {
        break;
      }
      quoted ^= c == '"';
      if (!quoted && c < counts.length) {
        counts[c]++;
      }
    }
    reader.reset();
    char best = ',';
    for (char c : new char[] {';', '\t', '|'}) {
      best = counts[c] > counts[best] ? c : best;
    }
    return best;
  }

  private static List<String> header(Path file, CSVRecord row) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    for (String cell : row) {
      String name = cell.strip();
      if (names.isEmpty() && !name.isEmpty() && name.charAt(0) == BYTE_ORDER_MARK) {
        name = name.substring(1).replaceAll("^\"|\"$", "");
      }
      if (name.isEmpty() || names.contains(name)) {
        throw new IOException(
            file
                + ": line 1: "
                + (name.isEmpty()
                    ? "column " + (names.size() + 1) + " has no name"
                    : "two columns are called '" + name + "'")
                + "; a header of different names is needed");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static void checkCells(Path file, long line, CSVRecord row, List<String> columns)
      throws IOException {
    if (row.size() != columns.size()) {
      throw new IOException(
          file
              + ": line "
              + line
              + ": "
              + row.size()
              + (row.size() == 1 ? " cell" : " cells")
              + "; the header has "
              + columns.size()
              + " columns, "
              + columns.getFirst()
              + " to "
              + columns.getLast());
    }
  }
}
