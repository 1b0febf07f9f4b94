package io.hypertape.cli.board;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * A file that the page is made of.
 *
 * @param type its media type
 * @param bytes its contents
 */
record PageFile(String type, byte[] bytes) {

  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private static final Map<String, String> TYPES =
      Map.of(
          "board.html", HTML,
          "board.css", "text/css; charset=utf-8",
          "icon.svg", "image/svg+xml",
          "board.js", SCRIPT,
          "charts.js", SCRIPT,
          "chart.js", SCRIPT,
          "feed.js", SCRIPT,
          "numbers.js", SCRIPT);

  /**
   * Finds a file.
   *
   * @param path of a request, as {@code /board.css}
   * @throws IOException if it is lacking though it belongs to the page
   */
  static Optional<PageFile> of(String path) throws IOException {
    String name = path.equals("/") ? "board.html" : path.substring(1);
    String type = TYPES.get(name);
    if (type == null) {
      return Optional.empty();
    }
    try (InputStream in = PageFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the file " + name + " is not in the program");
      }
      return Optional.of(new PageFile(type, in.readAllBytes()));
    }
  }
}
