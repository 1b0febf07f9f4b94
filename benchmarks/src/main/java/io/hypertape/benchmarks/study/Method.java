package io.hypertape.benchmarks.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A way to train, with an optimizer of a kind.
 *
 * @param base which kind it is compared within
 * @param name in tables and figures
 * @param kind where its step size comes from
 * @param tower as text, with {@link #START} where a step size has to stand, if one has
 */
record Method(Base base, String name, Kind kind, String tower) {

  /** Where a step size comes from. */
  enum Kind {
    /** It is chosen from a grid on validation data. */
    TUNED,
    /** It begins at each of the study's starts. */
    STARTS,
    /** It needs none, or has one by default. */
    ALONE
  }

  /** Stands for the step size in a tower's text. */
  static final String START = "{}";

  static final String CONSTANT = "constant";
  static final String COSINE = "cosine";
  static final String AUTO = "auto";
  static final String FIXED = "fixed";
  static final String PAPER = "the paper's";
  static final String BAYDIN = "Baydin's";
  static final String BAYDIN_FACTOR = "Baydin's, by factors";

  private static final String OVER_RUN = " schedule=cosine";

  /**
   * Methods of others, and which kind each belongs to: Baydin et al.'s hypergradient descent with
   * their constants from every start, the rest with their authors' defaults.
   */
  private static final List<Method> OTHERS =
      List.of(
          new Method(Base.SGD, BAYDIN, Kind.STARTS, "sgd({}, tune=alpha)/sgd(1e-3)"),
          new Method(Base.SGD, BAYDIN_FACTOR, Kind.STARTS, "hd-sgd({})"),
          other(Base.SGD, "dog"),
          other(Base.SGD, "dog(1, average=8)"),
          other(Base.SGD, "dowg"),
          other(Base.SGD, "dadapt-sgd"),
          other(Base.SGD, "mechanic-sgd"),
          other(Base.SGD, "mechanic-sgd" + OVER_RUN),
          other(Base.SGD, "schedule-free-sgd(1)"),
          other(Base.SGD, "osgm"),
          new Method(Base.MOMENTUM, BAYDIN, Kind.STARTS, "sgd({}, mu=0.9, tune=alpha)/sgd(1e-3)"),
          new Method(Base.MOMENTUM, BAYDIN_FACTOR, Kind.STARTS, "hd-sgd({}, mu=0.9)"),
          other(Base.MOMENTUM, "dadapt-sgd(mu=0.9)"),
          other(Base.MOMENTUM, "mechanic-sgd(mu=0.9)"),
          other(Base.MOMENTUM, "mechanic-sgd(mu=0.9)" + OVER_RUN),
          other(Base.MOMENTUM, "hdm"),
          new Method(Base.ADAM, BAYDIN, Kind.STARTS, "adam-alpha({})/sgd(1e-7)"),
          new Method(Base.ADAM, BAYDIN_FACTOR, Kind.STARTS, "hd-adam({})"),
          other(Base.ADAM, "prodigy"),
          other(Base.ADAM, "prodigy" + OVER_RUN),
          other(Base.ADAM, "dadapt-adam"),
          other(Base.ADAM, "dadapt-adam" + OVER_RUN),
          other(Base.ADAM, "schedule-free-adamw(2.5e-3)"),
          other(Base.ADAM, "mechanic-adamw"),
          other(Base.ADAM, "mechanic-adamw" + OVER_RUN));

  private static Method other(Base base, String tower) {
    return new Method(base, tower, Kind.ALONE, tower);
  }

  /** All of the study. */
  static List<Method> all() {
    List<Method> all = new ArrayList<>();
    for (Base base : Base.values()) {
      all.add(new Method(base, CONSTANT, Kind.TUNED, base.tower()));
      all.add(new Method(base, COSINE, Kind.TUNED, base.tower() + OVER_RUN));
      all.add(new Method(base, FIXED, Kind.STARTS, base.tower()));
      all.add(new Method(base, PAPER, Kind.STARTS, base.paper()));
      all.add(new Method(base, AUTO, Kind.STARTS, "auto(" + base.tower() + ")"));
      OTHERS.stream().filter(other -> other.base() == base).forEach(all::add);
    }
    return all;
  }

  /**
   * One of the command line's: a tower's text, or a name for it, a colon and the text. What has the
   * name and the tower of one of the study's is that one.
   */
  static Method given(String text) {
    int colon = text.indexOf(": ");
    String tower = text.substring(colon < 0 ? 0 : colon + 2);
    String name = colon < 0 ? text : text.substring(0, colon);
    Kind kind = tower.contains(START) ? Kind.STARTS : Kind.ALONE;
    return all().stream()
        .filter(own -> own.name.equals(name) && own.tower.equals(tower))
        .findFirst()
        .orElse(new Method(baseOf(tower), name, kind, tower));
  }

  /**
   * The method that has this one's name already, by which tables and the study's own rules know it:
   * one of the study's, or one of others within the same kind of optimizer.
   */
  Optional<Method> namesake(List<Method> others) {
    List<Method> own = all();
    if (own.contains(this)) {
      return Optional.empty();
    }
    return Stream.concat(own.stream(), others.stream().filter(other -> other.base == base))
        .filter(other -> other.name.equals(name) && !other.equals(this))
        .findFirst();
  }

  /** The kind whose text a tower has within it; SGD if there is none. */
  private static Base baseOf(String tower) {
    return Arrays.stream(Base.values())
        .filter(base -> base != Base.SGD)
        .filter(base -> tower.contains(base == Base.ADAM ? "adam" : "mu="))
        .findFirst()
        .orElse(Base.SGD);
  }

  /** Whether it is made of nothing but fixed optimizers and the paper's towers of them. */
  boolean isSettled() {
    return List.of(CONSTANT, COSINE, FIXED, PAPER, BAYDIN).contains(name);
  }

  /** Its tower with a step size. */
  String tower(String stepSize) {
    return tower.replace(START, stepSize);
  }
}
