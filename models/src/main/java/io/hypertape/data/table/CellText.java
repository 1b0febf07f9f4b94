package io.hypertape.data.table;

import java.util.List;
import java.util.Locale;

/** What stands in a cell. */
final class CellText {

  private static final int SHOWN = 40;
  private static final double WHOLE = 1e15;

  private CellText() {}

  /** A number as files have it, such as -1.5e-3; NaN for anything else. */
  static double number(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      // Java reads hexadecimal numbers, types behind a number, and words, too.
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return Double.NaN;
      }
    }
    if (length == 0) {
      return Double.NaN;
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isInfinite(number) ? Double.NaN : number;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** A number as short as it can be told. */
  static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < WHOLE
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** 1 or 0 for what holds or not; NaN for anything else. */
  static double truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "1.0", "true", "yes", "t", "y" -> 1;
      case "0", "0.0", "false", "no", "f", "n" -> 0;
      default -> Double.NaN;
    };
  }

  /** A text for people, not all of a long one. */
  static String shown(String text) {
    return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + "'";
  }

  /** Names for people, not all of very many. */
  static String few(List<String> names) {
    int shown = 12;
    return names.size() <= shown
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more";
  }
}
