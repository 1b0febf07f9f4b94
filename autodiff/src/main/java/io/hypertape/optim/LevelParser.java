package io.hypertape.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the levels of a tower's text, whose form {@link TowerParser} gives. */
final class LevelParser {

  private static final int MAX_HEIGHT = 10_000;

  /** Stands for the levels of {@link SelfTuning}. */
  static final String AUTO = "auto";

  private final TextScanner scanner;
  // With those of groups.
  private int height;
  // Of the level that is being read.
  private Optional<Averaging> averaging = Optional.empty();

  private record Averaging(WeightAverage.Kind kind, double value) {
    Optimizer of(Optimizer base) {
      return new WeightAverage(base, kind, value);
    }
  }

  LevelParser(TextScanner scanner) {
    this.scanner = scanner;
  }

  /** Levels and what comes with them. */
  Tower tower() {
    int begin = scanner.skipSpace();
    if (!scanner.acceptWord(AUTO)) {
      return new Tower(levels());
    }
    Optimizer base = new Adam(SelfTuning.START);
    if (scanner.accept('(')) {
      base = base();
      scanner.expect(')', "')' after the optimizer whose step size is tuned");
    }
    height += 3;
    try {
      return SelfTuning.of(base);
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  /** What tunes itself, with a step size or without one. */
  private Optimizer base() {
    int begin = scanner.skipSpace();
    Level level = level(SelfTuning.START);
    if (!level.equals(new Level(level.optimizer(), Set.of()))) {
      throw scanner.error(
          begin,
          AUTO + "(…) takes an optimizer alone, such as adam or sgd(mu=0.9); it does the rest");
    }
    return level.optimizer();
  }

  List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    do {
      int begin = scanner.skipSpace();
      Level level = level(Double.NaN);
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

  /**
   * One level.
   *
   * @param start its step size if none is given; NaN if one must be
   */
  private Level level(double start) {
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
    List<Hypergradient> by = new ArrayList<>();
    averaging = Optional.empty();
    if (scanner.accept('(') && !scanner.accept(')')) {
      do {
        argument(syntax, given, tuned, domains, by);
      } while (scanner.accept(','));
      scanner.expect(')');
    }
    try {
      Optimizer optimizer = syntax.factory().apply(complete(syntax, given, begin, start));
      Hypergradient source = by.isEmpty() ? Hypergradient.tape() : by.getFirst();
      return new Level(
          averaging.isPresent() ? averaging.get().of(optimizer) : optimizer,
          tuned,
          domains.of(optimizer),
          source);
    } catch (TowerSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private void argument(
      OptimizerSyntax syntax,
      Map<String, Double> given,
      Set<String> tuned,
      DomainParser domains,
      List<Hypergradient> by) {
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
    Optional<WeightAverage.Kind> average = WeightAverage.Kind.of(name);
    if (average.isPresent() && !syntax.takesAnyName()) {
      if (averaging.isPresent()) {
        throw scanner.error(begin, "argument '" + name + "' averages weights that are averaged");
      }
      averaging = Optional.of(new Averaging(average.get(), scanner.number()));
      return;
    }
    if (!isNumber && domains.accept(name)) {
      return;
    }
    if (!isNumber && name.equals(Level.BY)) {
      if (!by.isEmpty()) {
        throw scanner.error(begin, "'" + Level.BY + "' is given twice");
      }
      by.add(new HypergradientParser(scanner).read());
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
              + Level.BY
              + ", "
              + "average, ema"
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
      OptimizerSyntax syntax, Map<String, Double> given, int begin, double start) {
    Map<String, Double> all = new LinkedHashMap<>(syntax.arguments());
    if (!Double.isNaN(start)) {
      all.replaceAll((name, value) -> value == null ? (Double) start : value);
    }
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
