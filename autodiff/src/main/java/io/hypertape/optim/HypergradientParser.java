package io.hypertape.optim;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads where a level's text says that its gradients come from.
 *
 * <pre>
 * hypergradient = source { "+" change }
 * source        = "tape" | "trace" "(" number ")" | "agreement" "(" number ")"
 * change        = "max" | "clip" "(" number ")" | "warmup" "(" count ")" | "held"
 *               | "restart" "(" number "," number ")"
 * </pre>
 */
final class HypergradientParser {

  private static final String SOURCES = "tape, trace(-0.5) or agreement(0.5)";
  private static final String CHANGES =
      String.join(
          ", ",
          Hypergradient.NORMALIZED,
          Hypergradient.LIMIT + "(2)",
          Hypergradient.WARM_UP + "(100)",
          Hypergradient.HELD,
          Hypergradient.RESTART + "(8, 0.125)");

  private final TextScanner scanner;

  HypergradientParser(TextScanner scanner) {
    this.scanner = scanner;
  }

  Hypergradient read() {
    int begin = scanner.skipSpace();
    String source = scanner.name(SOURCES);
    Hypergradient result =
        switch (source) {
          case "tape" -> Hypergradient.tape();
          case "trace" -> at(begin, number -> Hypergradient.trace(number));
          case "agreement" -> at(begin, number -> Hypergradient.agreement(number));
          default -> throw scanner.error(begin, "'" + source + "'; " + SOURCES + " would fit");
        };
    Set<String> seen = new LinkedHashSet<>();
    while (scanner.accept('+')) {
      result = changed(result, seen);
    }
    return result;
  }

  private interface FromNumber {
    Hypergradient of(double number);
  }

  private Hypergradient at(int begin, FromNumber made) {
    scanner.expect('(');
    double number = scanner.number();
    scanner.expect(')');
    return checked(begin, () -> made.of(number));
  }

  private Hypergradient checked(int begin, java.util.function.Supplier<Hypergradient> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private Hypergradient changed(Hypergradient before, Set<String> seen) {
    int begin = scanner.skipSpace();
    String change = scanner.name(CHANGES);
    if (!seen.add(change)) {
      throw scanner.error(begin, "'" + change + "' is given twice");
    }
    return switch (change) {
      case Hypergradient.NORMALIZED -> before.byLargest();
      case Hypergradient.HELD -> before.heldInDecay();
      case Hypergradient.LIMIT -> at(begin, before::clippedTo);
      case Hypergradient.WARM_UP -> at(begin, number -> before.after(count(number)));
      case Hypergradient.RESTART -> {
        scanner.expect('(');
        double drop = scanner.number();
        scanner.expect(',', "',' and how long it then rests");
        double rest = scanner.number();
        scanner.expect(')');
        yield checked(begin, () -> before.restartedAfter(drop, rest));
      }
      default -> throw scanner.error(begin, "'" + change + "'; " + CHANGES + " would fit");
    };
  }

  private static long count(double number) {
    if (number != Math.rint(number) || Math.abs(number) > 1e15) {
      throw new IllegalArgumentException(
          Hypergradient.WARM_UP + ": " + number + "; a whole number of updates is needed");
    }
    return (long) number;
  }
}
