package io.hypertape.cli.board;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last row of a table, which is read without the rows before it. */
final class TableEnd {

  private static final int LONGEST = 64 << 10;

  private TableEnd() {}

  /**
   * Reads the last row that ends with its line.
   *
   * @param file the table
   * @param size bytes that it has
   * @return its numbers by their columns' names; empty if there is no row
   * @throws IOException if it cannot be read, or its last row is none
   */
  static Map<String, Double> read(Path file, long size) throws IOException {
    String text;
    String header;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] begin = in.readNBytes(LONGEST);
      header = new String(begin, StandardCharsets.UTF_8);
      byte[] end = begin;
      if (size > begin.length) {
        // The file may have grown meanwhile, which is for the next time.
        in.skipNBytes(Math.max(0, size - begin.length - LONGEST));
        end = in.readNBytes(LONGEST);
      }
      text = new String(end, StandardCharsets.UTF_8);
    }
    int line = header.indexOf('\n');
    if (line < 0) {
      return Map.of();
    }
    header = header.substring(0, line).strip();
    int last = text.lastIndexOf('\n');
    int before = text.lastIndexOf('\n', last - 1);
    if (last < 0 || before < 0) {
      return Map.of();
    }
    return row(file, List.of(header.split(",", -1)), text.substring(before + 1, last).strip());
  }

  private static Map<String, Double> row(Path file, List<String> columns, String line)
      throws IOException {
    List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
    Map<String, Double> row = new LinkedHashMap<>();
    try {
      for (int i = 0; i < columns.size() && cells.size() == columns.size(); i++) {
        row.put(columns.get(i), Double.parseDouble(cells.get(i)));
      }
    } catch (NumberFormatException e) {
      row.clear();
    }
    if (row.isEmpty()) {
      throw new IOException(
          file.getFileName()
              + " is damaged: its last line is no row of "
              + columns.size()
              + " numbers");
    }
    return row;
  }
}
