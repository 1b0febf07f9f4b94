package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One level of a tower.
 *
 * @param optimizer the optimizer
 * @param tuned names of those of its hyperparameters that the level above tunes; empty for all
 * @param domains in which form hyperparameters are tuned and between which bounds, by name; those
 *     that have none are as the optimizer has them
 * @param hypergradient how it gets the gradients of what it tunes; on the weights they are the
 *     loss's, {@link Hypergradient#tape}
 */
public record Level(
    Optimizer optimizer,
    Set<String> tuned,
    Map<String, Domain> domains,
    Hypergradient hypergradient) {

  static final String TUNE = "tune";
  static final String WITHIN = "within";
  static final String BY = "by";

  /** Checks the names, and that hyperparameters are in their domains. */
  public Level {
    Nulls.check(optimizer, "level: optimizer");
    Nulls.check(tuned, "level: tuned").forEach(name -> Nulls.check(name, "level: a name of tuned"));
    Nulls.check(domains, "level: domains");
    Nulls.check(hypergradient, "level: hypergradient");
    List<Hyperparameter> declared = Declared.hyperparameters(optimizer);
    for (String name : tuned) {
      find(optimizer, name, "to tune");
    }
    Map<String, Domain> ordered = new LinkedHashMap<>();
    domains.forEach(
        (name, domain) -> {
          Nulls.check(name, "level: a name of domains");
          Nulls.check(domain, "level: the domain of " + name);
          domain.of(find(optimizer, name, "to have a domain"));
        });
    // In one order, so that equal levels have equal texts.
    for (Hyperparameter hyper : declared) {
      Domain domain = domains.get(hyper.name());
      if (domain != null && !domain.equals(Domain.own())) {
        ordered.put(hyper.name(), domain);
      }
    }
    tuned = Collections.unmodifiableSet(new LinkedHashSet<>(tuned));
    domains = Collections.unmodifiableMap(ordered);
  }

  /**
   * With hyperparameters as the optimizer has them.
   *
   * @param optimizer the optimizer
   * @param tuned names of those of its hyperparameters that the level above tunes; empty for all
   */
  public Level(Optimizer optimizer, Set<String> tuned) {
    this(optimizer, tuned, Map.of(), Hypergradient.tape());
  }

  /** A hyperparameter as the optimizer has it. */
  static Hyperparameter find(Optimizer optimizer, String name, String what) {
    List<Hyperparameter> declared = Declared.hyperparameters(optimizer);
    return declared.stream()
        .filter(hyper -> hyper.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    optimizer.name()
                        + " has no hyperparameter '"
                        + name
                        + "' "
                        + what
                        + "; it has "
                        + String.join(", ", declared.stream().map(Hyperparameter::name).toList())));
  }

  /**
   * The optimizer's hyperparameters in their domains.
   *
   * @return what can be tuned, in the optimizer's order
   */
  public List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> result = new ArrayList<>();
    for (Hyperparameter hyper : Declared.hyperparameters(optimizer)) {
      result.add(domain(hyper.name()).of(hyper));
    }
    return result;
  }

  private Domain domain(String hyperparameter) {
    return domains.getOrDefault(hyperparameter, Domain.own());
  }

  /** Another choice of what is tuned. */
  Level tuning(Set<String> names) {
    return new Level(optimizer, names, domains, hypergradient);
  }

  /** With a hyperparameter in another form. */
  Level in(Transform transform, String hyperparameter) {
    return with(hyperparameter, domain(hyperparameter).in(transform));
  }

  /** With a hyperparameter in bounds. */
  Level within(String hyperparameter, double min, double max) {
    return with(hyperparameter, domain(hyperparameter).within(min, max));
  }

  private Level with(String hyperparameter, Domain domain) {
    Map<String, Domain> changed = new LinkedHashMap<>(domains);
    changed.put(hyperparameter, domain);
    return new Level(optimizer, tuned, changed, hypergradient);
  }

  /** With gradients from elsewhere. */
  Level by(Hypergradient newHypergradient) {
    return new Level(optimizer, tuned, domains, newHypergradient);
  }

  boolean tunes(String hyperparameter) {
    return tuned.isEmpty() || tuned.contains(hyperparameter);
  }

  String text() {
    List<String> arguments = new ArrayList<>();
    add(arguments, TUNE, tuned.stream());
    for (Transform transform : Transform.values()) {
      Stream<String> names =
          domains.keySet().stream()
              .filter(name -> domains.get(name).transform().equals(Optional.of(transform)));
      add(arguments, Domain.word(transform), names);
    }
    Stream<String> bounds =
        domains.entrySet().stream()
            .filter(entry -> entry.getValue().isBounded())
            .map(entry -> entry.getKey() + "(" + entry.getValue().boundsText() + ")");
    add(arguments, WITHIN, bounds);
    if (!hypergradient.isPlain()) {
      arguments.add(", " + BY + "=" + hypergradient.text());
    }
    String text = Declared.text(optimizer);
    return text.substring(0, text.length() - 1) + String.join("", arguments) + ")";
  }

  private static void add(List<String> arguments, String name, Stream<String> values) {
    String joined = values.collect(Collectors.joining("+"));
    if (!joined.isEmpty()) {
      arguments.add(", " + name + "=" + joined);
    }
  }
}
