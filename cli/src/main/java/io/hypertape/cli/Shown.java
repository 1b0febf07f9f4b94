package io.hypertape.cli;

import io.hypertape.run.ClassErrors;
import java.util.Locale;

/** Texts from files and of folders' names as they can be shown: none may steer the terminal. */
final class Shown {

  private Shown() {}

  /** A name or a value, in a line. */
  static String text(String text) {
    return escaped(text, "");
  }

  /** A text of several lines. */
  static String lines(String text) {
    String unix = text.replace("\r\n", "\n");
    return unix.length() == text.length()
        ? escaped(text, "\n\t")
        // Line ends as Windows has them.
        : escaped(unix, "\n\t").replace("\n", "\r\n");
  }

  private static String escaped(String text, String kept) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (steers(c) && kept.indexOf(c) < 0) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  /**
   * Control characters of ASCII and of ISO 8859 (U+0080 to U+009F), line and paragraph separators,
   * and what turns the direction of a text around (Unicode's UAX 9, 2.1 to 2.5).
   */
  static boolean steers(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || c >= 0x202A && c <= 0x202E
        || c >= 0x2066 && c <= 0x2069;
  }

  /** A table, a line a class with how many of what it has, each after a line break. */
  static String table(ClassErrors errors, String what) {
    int width = "class".length();
    for (ClassErrors.OfClass c : errors.classes()) {
      width = Math.max(width, text(c.name()).length());
    }
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%n  %-" + width + "s  %6s   error", "class", what));
    for (ClassErrors.OfClass c : errors.classes()) {
      String error =
          c.examples() == 0
              ? "      -"
              : String.format(Locale.ROOT, "%6.2f%%", 100.0 * c.wrong() / c.examples());
      table.append(
          String.format(
              Locale.ROOT, "%n  %-" + width + "s  %6d %s", text(c.name()), c.examples(), error));
    }
    return table.toString();
  }
}
