package io.hypertape.optim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what a level's text says of its hyperparameters' domains.
 *
 * <pre>
 * domain = form "=" name { "+" name } | "within" "=" bounds { "+" bounds }
 * form   = "identity" | "square" | "clamp" | "log" | "logit"
 * bounds = name "(" [ number ] ".." [ number ] ")"
 * </pre>
 */
final class DomainParser {

  /** Names of arguments that tell of domains. */
  static final String WORDS =
      Stream.concat(Arrays.stream(Transform.values()).map(Domain::word), Stream.of(Level.WITHIN))
          .collect(Collectors.joining(", "));

  private static final String NAME = "a hyperparameter's name";

  private final TextScanner scanner;
  private final Map<String, Domain> domains = new LinkedHashMap<>();
  // Where they are given.
  private final Map<String, Integer> forms = new LinkedHashMap<>();
  private final Map<String, Integer> bounds = new LinkedHashMap<>();

  DomainParser(TextScanner scanner) {
    this.scanner = scanner;
  }

  /**
   * Reads an argument's value if it is one of a domain.
   *
   * @param argument the argument's name, whose '=' has been passed
   */
  boolean accept(String argument) {
    if (argument.equals(Level.WITHIN)) {
      do {
        bounds();
      } while (scanner.accept('+'));
      return true;
    }
    Optional<Transform> form = form(argument);
    if (form.isPresent()) {
      do {
        form(form.get());
      } while (scanner.accept('+'));
    }
    return form.isPresent();
  }

  private static Optional<Transform> form(String word) {
    for (Transform transform : Transform.values()) {
      if (Domain.word(transform).equals(word)) {
        return Optional.of(transform);
      }
    }
    return Optional.empty();
  }

  private void form(Transform form) {
    int begin = scanner.skipSpace();
    String name = scanner.name(NAME);
    Domain before = domains.getOrDefault(name, Domain.own());
    if (before.transform().isPresent()) {
      String first = Domain.word(before.transform().get());
      throw scanner.error(
          begin,
          "'"
              + name
              + "' is given a form twice, "
              + first
              + " and "
              + Domain.word(form)
              + "; one would fit");
    }
    domains.put(name, before.in(form));
    forms.put(name, begin);
  }

  private void bounds() {
    int begin = scanner.skipSpace();
    String name = scanner.name(NAME);
    if (bounds.putIfAbsent(name, begin) != null) {
      throw scanner.error(begin, "'" + name + "' is given bounds twice");
    }
    scanner.expect('(', "'(' and bounds, as in " + name + "(0.1..1),");
    double min = scanner.isAtRange() ? Double.NEGATIVE_INFINITY : scanner.number();
    if (!scanner.acceptRange()) {
      throw scanner.error(scanner.skipSpace(), "'..' and the other bound are needed");
    }
    int end = scanner.skipSpace();
    double max = scanner.isAtNumber() ? scanner.number() : Double.POSITIVE_INFINITY;
    scanner.expect(')', "a number, or ')',");
    if (Double.isInfinite(min) && Double.isInfinite(max)) {
      throw scanner.error(end, "a bound is needed");
    }
    try {
      domains.put(name, domains.getOrDefault(name, Domain.own()).within(min, max));
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  /** What has been read, if it fits an optimizer. */
  Map<String, Domain> of(Optimizer optimizer) {
    domains.forEach(
        (name, domain) -> {
          Optional<Integer> form = Optional.ofNullable(forms.get(name));
          int place = form.orElseGet(() -> bounds.get(name));
          try {
            Hyperparameter declared = Level.find(optimizer, name, "to have a domain");
            domain.within(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY).of(declared);
            place = bounds.getOrDefault(name, place);
            domain.of(declared);
          } catch (IllegalArgumentException e) {
            throw scanner.error(place, e.getMessage());
          }
        });
    return domains;
  }
}
