package io.hypertape.optim;

/** Goes through a tower's text from left to right; errors say where it stands. */
final class TextScanner {

  private final String text;
  private int at;

  TextScanner(String text) {
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
    int begin = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    if (begin == at) {
      throw error(at, unexpected() + "; " + wanted + " is needed");
    }
    return text.substring(begin, at);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  boolean isAtNumber() {
    if (skipSpace() == text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return isDigit(c) || c == '.' || c == '+' || c == '-';
  }

  double number() {
    int begin = skipSpace();
    while (at < text.length() && isNumberPart(at, begin)) {
      at++;
    }
    try {
      return Double.parseDouble(text.substring(begin, at));
    } catch (NumberFormatException e) {
      throw error(begin, "a number is needed");
    }
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
    return new TowerSyntaxException(text, position, problem);
  }
}
