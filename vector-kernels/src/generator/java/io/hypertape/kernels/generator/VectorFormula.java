package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A formula as calls of vectors' methods: sums of products of names, signs, brackets and functions.
 * What is multiplied, divided or added to has to be a vector; what stands behind may be a float.
 */
final class VectorFormula {

  private static final Pattern TOKEN = Pattern.compile("\\w+|[-+*/(),]");

  private final String text;
  private final Set<String> floats;
  private final List<String> tokens;
  private int at;

  private VectorFormula(String text, Set<String> floats) {
    this.text = text;
    this.floats = floats;
    this.tokens = TOKEN.matcher(text).results().map(MatchResult::group).toList();
  }

  /** The Java of a formula, some of whose names are floats. */
  static String of(String text, Set<String> floats) {
    VectorFormula formula = new VectorFormula(text, floats);
    String java = formula.sum();
    if (formula.at < formula.tokens.size()) {
      throw formula.wrong();
    }
    return java;
  }

  private String sum() {
    String left = product();
    while (true) {
      if (take("+")) {
        left = call(left, "add", product());
      } else if (take("-")) {
        left = call(left, "sub", product());
      } else {
        return left;
      }
    }
  }

  private String product() {
    String left = signed();
    while (true) {
      if (take("*")) {
        left = call(left, "mul", signed());
      } else if (take("/")) {
        left = call(left, "div", signed());
      } else {
        return left;
      }
    }
  }

  private String signed() {
    if (take("-")) {
      return call(signed(), "neg");
    }
    if (take("(")) {
      String inner = sum();
      expect(")");
      return inner;
    }
    String name = tokens.get(at++);
    return take("(") ? function(name) : name;
  }

  private String function(String name) {
    List<String> a = new ArrayList<>();
    do {
      a.add(sum());
    } while (take(","));
    expect(")");
    return switch (name) {
      case "sqrt", "abs" -> call(a.get(0), name);
      case "max", "min" -> call(a.get(0), name, a.get(1));
      case "fma" -> call(a.get(0), name, a.get(1), a.get(2));
      case "keep" -> keep(a.get(0), a.get(1), a.get(2));
      case "mean" -> keep(a.get(0), call(a.get(1), "mul", a.get(2) + "Rest"), a.get(2));
      default -> throw wrong();
    };
  }

  /** β·m + x, of a decay's two parts. */
  private String keep(String m, String x, String decay) {
    return call(m, "fma", decay + "High", call(m, "fma", decay + "Low", x));
  }

  private String call(String receiver, String method, String... arguments) {
    if (floats.contains(receiver)) {
      throw wrong();
    }
    return receiver + "." + method + "(" + String.join(", ", arguments) + ")";
  }

  private boolean take(String token) {
    boolean there = at < tokens.size() && tokens.get(at).equals(token);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String token) {
    if (!take(token)) {
      throw wrong();
    }
  }

  private IllegalStateException wrong() {
    return new IllegalStateException("not a formula of vectors, at token " + at + ": " + text);
  }
}
