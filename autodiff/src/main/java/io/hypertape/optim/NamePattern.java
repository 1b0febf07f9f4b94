package io.hypertape.optim;

import java.util.StringJoiner;

/**
 * Patterns of parameters' names.
 *
 * <pre>
 * pattern     = alternative { "|" alternative }
 * alternative = what one or more letters, digits, ".", "_", "-", "/", "[", "]", "*" and "?" spell
 * </pre>
 */
final class NamePattern {

  /** What an error says that a pattern may hold. */
  static final String PARTS = "letters, digits and . _ - / [ ] * ?";

  private static final String MARKS = "._-/[]*?";

  private NamePattern() {}

  /** The pattern that a text is, without spaces. */
  static String parse(String text) {
    TextScanner scanner = new TextScanner("pattern", text);
    String pattern = read(scanner);
    scanner.expectEnd(PARTS + ", or '|' and another pattern");
    return pattern;
  }

  /** The pattern that comes next. */
  static String read(TextScanner scanner) {
    StringJoiner pattern = new StringJoiner("|");
    do {
      scanner.skipSpace();
      pattern.add(
          scanner.word(NamePattern::isPart, "a pattern of names, such as *.bias (" + PARTS + "),"));
    } while (scanner.accept('|'));
    return pattern.toString();
  }

  private static boolean isPart(char c) {
    return Character.isLetterOrDigit(c) || MARKS.indexOf(c) >= 0;
  }

  /** Whether a name is as a pattern, or one of its alternatives, spells it. */
  static boolean matches(String pattern, String name) {
    int[] characters = name.codePoints().toArray();
    for (String alternative : pattern.split("\\|")) {
      if (matches(alternative.codePoints().toArray(), characters)) {
        return true;
      }
    }
    return false;
  }

  /** Only the last star is ever tried anew, so that the work is at most the lengths' product. */
  private static boolean matches(int[] pattern, int[] name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int taken = 0;
    while (n < name.length) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        taken = n;
      } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == name[n])) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++taken;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }
}
