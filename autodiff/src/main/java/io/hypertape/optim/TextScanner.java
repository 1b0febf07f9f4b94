package io.hypertape.optim;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Goes through a text from left to right; errors say where it stands. */
final class TextScanner {

  /** Numbers that are none of those that are computed with: told as such, not as letters. */
  private static final Pattern NOT_FINITE =
      Pattern.compile(
          "[+-]?(nan|inf|infinity)(?![\\p{L}\\p{Nd}_.-])(?!\\s*=)", Pattern.CASE_INSENSITIVE);

  /** What stands between two ends. */
  private static final String RANGE = "..";

  /** A number and nothing else before what ends an argument. */
  private static final Pattern ARGUMENT_NUMBER =
      Pattern.compile("\\s*[+-]?[\\d.][\\d.eE+-]*\\s*[,)]");

  /** Which characters belong to a word. */
  @FunctionalInterface
  interface CharacterKind {
    boolean has(char c);
  }

  private final String what;
  private final String text;
  private int at;

  /**
   * At the beginning of a text.
   *
   * @param what errors call it, such as {@code tower}
   */
  TextScanner(String what, String text) {
    this.what = what;
    this.text = text;
  }

  /** Where the next character that is no space stands. */
  int skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  boolean accept(char c) {
    if (skipSpace() < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) {
    if (!accept(c)) {
      throw error(at, unexpected() + "; '" + c + "' is needed");
    }
  }

  /** The same where more than this character would fit. */
  void expect(char c, String fitting) {
    if (!accept(c)) {
      throw error(at, unexpected() + "; " + fitting + " would fit");
    }
  }

  void expectEnd(String fitting) {
    if (skipSpace() < text.length()) {
      throw error(at, unexpected() + "; " + fitting + " would fit");
    }
  }

  /** Whether a word comes next, which is then passed. */
  boolean acceptWord(String word) {
    int begin = skipSpace();
    int end = begin + word.length();
    if (text.startsWith(word, begin) && (end == text.length() || !isNamePart(text.charAt(end)))) {
      at = end;
      return true;
    }
    return false;
  }

  private String unexpected() {
    return at < text.length() ? "unexpected '" + text.charAt(at) + "'" : "unexpected end";
  }

  /** A name, which must begin here. */
  String name(String wanted) {
    return word(TextScanner::isNamePart, wanted);
  }

  /** Characters of a kind, of which the first must stand here. */
  String word(CharacterKind kind, String wanted) {
    int begin = at;
    while (at < text.length() && kind.has(text.charAt(at))) {
      at++;
    }
    if (begin == at) {
      throw error(at, unexpected() + "; " + wanted + " is needed");
    }
    return text.substring(begin, at);
  }

  static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  boolean isAtNumber() {
    if (skipSpace() == text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return isDigit(c) || c == '.' || c == '+' || c == '-' || notFinite().isPresent();
  }

  /** Whether an argument comes next that is a number. */
  boolean isAtArgumentNumber() {
    return ARGUMENT_NUMBER.matcher(text).region(at, text.length()).lookingAt();
  }

  boolean isAtRange() {
    return text.startsWith(RANGE, skipSpace());
  }

  /** Whether two dots come next, which are then passed. */
  boolean acceptRange() {
    boolean isThere = isAtRange();
    at += isThere ? RANGE.length() : 0;
    return isThere;
  }

  /** A word for what is no finite number, if one comes next. */
  private Optional<String> notFinite() {
    Matcher matcher = NOT_FINITE.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? Optional.of(matcher.group()) : Optional.empty();
  }

  /** A number, which may be too large or no number: whoever takes it says what would fit. */
  double number() {
    int begin = skipSpace();
    Optional<String> word = notFinite();
    if (word.isPresent()) {
      at += word.get().length();
      return word.get().toLowerCase(Locale.ROOT).endsWith("nan")
          ? Double.NaN
          : Math.copySign(Double.POSITIVE_INFINITY, word.get().charAt(0) == '-' ? -1 : 1);
    }
    while (at < text.length() && isNumberPart(at, begin) && !text.startsWith(RANGE, at)) {
      at++;
    }
    String digits = text.substring(begin, at);
    double value;
    try {
      value = Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw error(begin, "a number is needed");
    }
    if (value == 0 && digits.split("[eE]")[0].matches(".*[1-9].*")) {
      throw error(begin, digits + " is smaller than any number that is computed with but 0");
    }
    // Of -0, which no hyperparameter tells from 0, the text would be left out as the default.
    return value == 0 ? 0 : value;
  }

  private boolean isNumberPart(int index, int begin) {
    char c = text.charAt(index);
    if (c == '+' || c == '-') {
      return index == begin || Character.toLowerCase(text.charAt(index - 1)) == 'e';
    }
    return isDigit(c) || c == '.' || c == 'e' || c == 'E';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  TowerSyntaxException error(int position, String problem) {
    return new TowerSyntaxException(what, text, position, problem);
  }
}
