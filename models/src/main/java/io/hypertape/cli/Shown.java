package io.hypertape.cli;

import io.hypertape.data.Vocabulary;
import io.hypertape.run.ClassErrors;
import java.util.Locale;

/** Texts from files and of folders' names as they can be shown: none may steer the terminal. */
final class Shown {

  private Shown() {}

  static String text(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) ? Vocabulary.UNKNOWN : c)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  /** A table, a line a class, each after a line break. */
  static String table(ClassErrors errors) {
    int width = "class".length();
    for (ClassErrors.OfClass c : errors.classes()) {
      width = Math.max(width, text(c.name()).length());
    }
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%n  %-" + width + "s  images   error", "class"));
    for (ClassErrors.OfClass c : errors.classes()) {
      String error =
          c.images() == 0
              ? "      -"
              : String.format(Locale.ROOT, "%6.2f%%", 100.0 * c.wrong() / c.images());
      table.append(
          String.format(
              Locale.ROOT, "%n  %-" + width + "s  %6d %s", text(c.name()), c.images(), error));
    }
    return table.toString();
  }
}
