package io.hypertape.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads a tower's text.
 *
 * <pre>
 * tower    = levels { group | "clip" "=" number | "schedule" "=" schedule }
 * levels   = level { "/" level }
 * level    = name [ "(" [ argument { "," argument } ] ")" ] [ "^" count ]
 * argument = number | name "=" number | "average" "=" number | "tune" "=" name { "+" name } | domain
 * group    = "group" "(" pattern "," levels ")"
 * </pre>
 *
 * A pattern is what {@link NamePattern} reads, a domain what {@link DomainParser} does. Groups may
 * be several, each with a pattern of its own; {@code clip} and {@code schedule} stand once at most.
 */
final class TowerParser {

  private static final int MAX_HEIGHT = 10_000;

  private final TextScanner scanner;
  // With those of groups.
  private int height;
  // Of the level that is being read.
  private OptionalDouble averaging = OptionalDouble.empty();

  TowerParser(String text) {
    this.scanner = new TextScanner("tower", text);
  }

  Tower parse() {
    return options(new Tower(levels()));
  }

  private List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    do {
      int begin = scanner.skipSpace();
      Level level = level();
      int count = scanner.accept('^') ? count() : 1;
      height += count;
      if (height > MAX_HEIGHT) {
        throw scanner.error(begin, "a tower of more than " + MAX_HEIGHT + " levels");
      }
      for (int i = 0; i < count; i++) {
        levels.add(level);
      }
    } while (scanner.accept('/'));
    return levels;
  }

  private Tower options(Tower tower) {
    Tower result = tower;
    Set<String> seen = new LinkedHashSet<>();
    while (true) {
      int begin = scanner.skipSpace();
      if (scanner.acceptWord(Tower.GROUP)) {
        result = group(result);
      } else if (scanner.acceptWord(Tower.CLIP)) {
        once(seen, Tower.CLIP, begin);
        result = clipped(result);
      } else if (scanner.acceptWord(Tower.SCHEDULE)) {
        once(seen, Tower.SCHEDULE, begin);
        scanner.skipSpace();
        result = result.scheduledBy(new ScheduleParser(scanner).schedule());
      } else {
        String options = Tower.GROUP + "(, " + Tower.CLIP + "= or " + Tower.SCHEDULE + "=";
        // Levels stand before all options.
        scanner.expectEnd(result == tower ? "'/' and another level, " + options : options);
        return result;
      }
    }
  }

  private Tower group(Tower tower) {
    scanner.expect('(');
    int begin = scanner.skipSpace();
    if (scanner.accept('@')) {
      throw scanner.error(
          begin,
          "only a program can give a group by a predicate (ParameterFilter.where); a pattern of"
              + " names, such as *.bias, would fit");
    }
    String pattern = NamePattern.read(scanner);
    scanner.expect(
        ',', NamePattern.PARTS + ", '|' and another pattern, or ',' and the group's tower");
    Tower own = new Tower(levels());
    int end = scanner.skipSpace();
    for (String option : List.of(Tower.GROUP, Tower.CLIP, Tower.SCHEDULE)) {
      if (scanner.acceptWord(option)) {
        throw scanner.error(
            end,
            "a group's tower has levels only; '" + option + "' would fit after the group's ')'");
      }
    }
    scanner.expect(')', "'/' and another level, or ')'");
    try {
      return tower.group(pattern, own);
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private void once(Set<String> seen, String option, int begin) {
    if (!seen.add(option)) {
      throw scanner.error(begin, "'" + option + "' is given twice");
    }
    scanner.expect('=');
  }

  private Tower clipped(Tower tower) {
    int begin = scanner.skipSpace();
    double maxNorm = scanner.number();
    if (maxNorm == Double.POSITIVE_INFINITY) {
      throw scanner.error(
          begin, "a finite norm is needed; without " + Tower.CLIP + "= nothing is clipped");
    }
    try {
      return tower.clippedTo(maxNorm);
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private Level level() {
    int begin = scanner.skipSpace();
    String name = scanner.name("an optimizer's name (" + OptimizerSyntax.names() + ")");
    OptimizerSyntax syntax = OptimizerSyntax.of(name);
    if (syntax == null) {
      throw scanner.error(
          begin, "unknown optimizer '" + name + "' (known: " + OptimizerSyntax.names() + ")");
    }
    Map<String, Double> given = new LinkedHashMap<>();
    Set<String> tuned = new LinkedHashSet<>();
    DomainParser domains = new DomainParser(scanner);
    averaging = OptionalDouble.empty();
    if (scanner.accept('(') && !scanner.accept(')')) {
      do {
        argument(syntax, given, tuned, domains);
      } while (scanner.accept(','));
      scanner.expect(')');
    }
    try {
      Optimizer optimizer = syntax.factory().apply(complete(syntax, given, begin));
      return new Level(
          averaging.isPresent() ? new WeightAverage(optimizer, averaging.getAsDouble()) : optimizer,
          tuned,
          domains.of(optimizer));
    } catch (TowerSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private void argument(
      OptimizerSyntax syntax, Map<String, Double> given, Set<String> tuned, DomainParser domains) {
    int begin = scanner.skipSpace();
    if (scanner.isAtNumber()) {
      positional(syntax, given, begin);
      return;
    }
    String name = scanner.name("a number or name=number");
    scanner.expect('=');
    // A parameter may be called like one of the words below.
    boolean isNumber = syntax.takesAnyName() && scanner.isAtArgumentNumber();
    if (!isNumber && name.equals(Level.TUNE)) {
      do {
        scanner.skipSpace();
        tuned.add(scanner.name("a hyperparameter's name"));
      } while (scanner.accept('+'));
      return;
    }
    if (name.equals(WeightAverage.NAME) && !syntax.takesAnyName()) {
      if (averaging.isPresent()) {
        throw scanner.error(begin, "argument '" + name + "' is given twice");
      }
      averaging = OptionalDouble.of(scanner.number());
      return;
    }
    if (!isNumber && domains.accept(name)) {
      return;
    }
    if (!syntax.takesAnyName() && !syntax.arguments().containsKey(name)) {
      throw scanner.error(
          begin,
          syntax.name()
              + " has no argument '"
              + name
              + "' (it has "
              + String.join(", ", syntax.arguments().keySet())
              + ", "
              + Level.TUNE
              + ", "
              + DomainParser.WORDS
              + ", "
              + WeightAverage.NAME
              + ")");
    }
    put(given, name, scanner.number(), begin);
  }

  private void positional(OptimizerSyntax syntax, Map<String, Double> given, int begin) {
    if (syntax.takesAnyName()) {
      throw scanner.error(begin, syntax.name() + " needs names, such as layer1.weight=0.01");
    }
    List<String> names = List.copyOf(syntax.arguments().keySet());
    if (given.size() >= names.size()) {
      throw scanner.error(begin, syntax.name() + " has only " + names.size() + " arguments");
    }
    put(given, names.get(given.size()), scanner.number(), begin);
  }

  private void put(Map<String, Double> given, String name, double value, int begin) {
    if (given.putIfAbsent(name, value) != null) {
      throw scanner.error(begin, "argument '" + name + "' is given twice");
    }
  }

  private Map<String, Double> complete(
      OptimizerSyntax syntax, Map<String, Double> given, int begin) {
    Map<String, Double> all = new LinkedHashMap<>(syntax.arguments());
    all.putAll(given);
    all.forEach(
        (name, value) -> {
          if (value == null) {
            throw scanner.error(
                begin, syntax.name() + " needs a step size, as in " + syntax.name() + "(1e-3)");
          }
        });
    return all;
  }

  private int count() {
    int begin = scanner.skipSpace();
    double value = scanner.number();
    if (value < 1 || value > MAX_HEIGHT || value != Math.rint(value)) {
      throw scanner.error(begin, "a level is repeated 1 to " + MAX_HEIGHT + " times");
    }
    return (int) value;
  }
}
