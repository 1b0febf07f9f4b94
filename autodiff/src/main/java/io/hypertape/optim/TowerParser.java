package io.hypertape.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a tower's text.
 *
 * <pre>
 * tower    = level { "/" level }
 * level    = name [ "(" [ argument { "," argument } ] ")" ] [ "^" count ]
 * argument = number | name "=" number | "tune" "=" name { "+" name }
 * </pre>
 */
final class TowerParser {

  private static final int MAX_HEIGHT = 10_000;
  private static final String TUNE = "tune";

  private final String text;
  private int at;

  TowerParser(String text) {
    this.text = text;
  }

  Tower parse() {
    List<Level> levels = new ArrayList<>();
    do {
      int begin = skipSpace();
      Level level = level();
      int count = accept('^') ? count() : 1;
      if (levels.size() + count > MAX_HEIGHT) {
        throw error(begin, "a tower of more than " + MAX_HEIGHT + " levels");
      }
      for (int i = 0; i < count; i++) {
        levels.add(level);
      }
    } while (accept('/'));
    if (skipSpace() < text.length()) {
      throw error(at, "unexpected '" + text.charAt(at) + "'; '/' and another level would fit");
    }
    return new Tower(levels);
  }

  private Level level() {
    int begin = skipSpace();
    String name = name("an optimizer's name (" + OptimizerSyntax.names() + ")");
    OptimizerSyntax syntax = OptimizerSyntax.of(name);
    if (syntax == null) {
      throw error(
          begin, "unknown optimizer '" + name + "' (known: " + OptimizerSyntax.names() + ")");
    }
    Map<String, Double> given = new LinkedHashMap<>();
    Set<String> tuned = new LinkedHashSet<>();
    if (accept('(') && !accept(')')) {
      do {
        argument(syntax, given, tuned);
      } while (accept(','));
      expect(')');
    }
    try {
      return new Level(syntax.factory().apply(complete(syntax, given, begin)), tuned);
    } catch (TowerSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw error(begin, e.getMessage());
    }
  }

  private void argument(OptimizerSyntax syntax, Map<String, Double> given, Set<String> tuned) {
    int begin = skipSpace();
    if (begin < text.length() && isNumberStart(text.charAt(begin))) {
      positional(syntax, given, begin);
      return;
    }
    String name = name("a number or name=number");
    expect('=');
    if (name.equals(TUNE)) {
      do {
        skipSpace();
        tuned.add(name("a hyperparameter's name"));
      } while (accept('+'));
      return;
    }
    if (!syntax.takesAnyName() && !syntax.arguments().containsKey(name)) {
      throw error(
          begin,
          syntax.name()
              + " has no argument '"
              + name
              + "' (it has "
              + String.join(", ", syntax.arguments().keySet())
              + ", tune)");
    }
    put(given, name, number(), begin);
  }

  private void positional(OptimizerSyntax syntax, Map<String, Double> given, int begin) {
    if (syntax.takesAnyName()) {
      throw error(begin, syntax.name() + " needs names, such as layer1.weight=0.01");
    }
    List<String> names = List.copyOf(syntax.arguments().keySet());
    if (given.size() >= names.size()) {
      throw error(begin, syntax.name() + " has only " + names.size() + " arguments");
    }
    put(given, names.get(given.size()), number(), begin);
  }

  private void put(Map<String, Double> given, String name, double value, int begin) {
    if (given.putIfAbsent(name, value) != null) {
      throw error(begin, "argument '" + name + "' is given twice");
    }
  }

  private Map<String, Double> complete(
      OptimizerSyntax syntax, Map<String, Double> given, int begin) {
    Map<String, Double> all = new LinkedHashMap<>(syntax.arguments());
    all.putAll(given);
    all.forEach(
        (name, value) -> {
          if (value == null) {
            throw error(
                begin, syntax.name() + " needs a step size, as in " + syntax.name() + "(1e-3)");
          }
        });
    return all;
  }

  private int count() {
    int begin = skipSpace();
    double value = number();
    if (value < 1 || value > MAX_HEIGHT || value != Math.rint(value)) {
      throw error(begin, "a level is repeated 1 to " + MAX_HEIGHT + " times");
    }
    return (int) value;
  }

  private double number() {
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

  private static boolean isNumberStart(char c) {
    return isDigit(c) || c == '.' || c == '+' || c == '-';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String name(String wanted) {
    int begin = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    if (begin == at) {
      throw error(
          at,
          (at < text.length() ? "unexpected '" + text.charAt(at) + "'" : "unexpected end")
              + "; "
              + wanted
              + " is needed");
    }
    return text.substring(begin, at);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  private boolean accept(char c) {
    if (skipSpace() < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw error(
          at,
          (at < text.length() ? "unexpected '" + text.charAt(at) + "'" : "unexpected end")
              + "; '"
              + c
              + "' is needed");
    }
  }

  private int skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private TowerSyntaxException error(int position, String problem) {
    return new TowerSyntaxException(text, position, problem);
  }
}
