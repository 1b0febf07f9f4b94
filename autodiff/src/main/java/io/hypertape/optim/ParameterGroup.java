package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parameters that a tower of their own tunes, as in {@code adamw(1e-3) group(*.bias|*.gamma,
 * sgd(0.1)/sgd(1e-5))}: any number of levels, which tune these parameters, and one another, only.
 * Clipping and schedule are those of the tower that has the group.
 *
 * @param filter which parameters
 * @param tower what tunes them, without clipping, schedule and groups of its own
 * @see Tower#group(ParameterFilter, Tower)
 */
public record ParameterGroup(ParameterFilter filter, Tower tower) {

  // Of a model with hundreds of parameters, these show how names are made.
  private static final int MAX_NAMED = 40;

  /** Checks that the tower has levels only. */
  public ParameterGroup {
    Nulls.check(filter, "group: filter");
    Nulls.check(tower, "group " + filter.text() + ": tower");
    if (!tower.hasLevelsOnly()) {
      throw new IllegalArgumentException(
          "tower "
              + tower
              + " cannot be that of group "
              + filter.text()
              + ": a group's tower has levels only; clipping and schedule of the tower that has the"
              + " group hold for all groups");
    }
  }

  /**
   * The group in a tower's text.
   *
   * @return such as {@code group(*.bias, sgd(0.1))}
   */
  public String text() {
    return Tower.GROUP + "(" + filter.text() + ", " + tower + ")";
  }

  /**
   * Whose parameters are whose: of each list of groups the first that matches takes a parameter.
   *
   * @param groups in order
   * @param parameters of which one that comes again is the same
   * @return one list more than there are groups, each in the parameters' order: first what no group
   *     takes, which may be nothing, then what each group takes
   * @throws IllegalArgumentException if there are no parameters, or a group takes none
   */
  static List<List<Parameter>> assign(List<ParameterGroup> groups, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one parameter to work on");
    }
    List<List<Parameter>> assigned =
        Stream.generate(() -> (List<Parameter>) new ArrayList<Parameter>())
            .limit(groups.size() + 1)
            .toList();
    List<Parameter> each = parameters.stream().distinct().toList();
    for (Parameter parameter : each) {
      assigned.get(1 + indexOf(parameter, groups)).add(parameter);
    }
    for (int k = 0; k < groups.size(); k++) {
      if (assigned.get(k + 1).isEmpty()) {
        throw new IllegalArgumentException(groups.get(k).whyEmpty(each));
      }
    }
    return assigned.stream().map(List::copyOf).toList();
  }

  private static int indexOf(Parameter parameter, List<ParameterGroup> groups) {
    for (int k = 0; k < groups.size(); k++) {
      if (groups.get(k).filter.matches(parameter)) {
        return k;
      }
    }
    return -1;
  }

  private String whyEmpty(List<Parameter> parameters) {
    List<Parameter> matched = parameters.stream().filter(filter::matches).toList();
    return text()
        + " has no parameter to work on: "
        + (matched.isEmpty()
            ? "it matches none of " + names(parameters)
            : "groups before it, of which the first that matches takes a parameter, have "
                + names(matched));
  }

  private static String names(List<Parameter> parameters) {
    int more = parameters.size() - MAX_NAMED;
    return parameters.stream()
            .limit(MAX_NAMED)
            .map(Parameter::toString)
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Refuses two groups of one name or pattern. */
  static void checkDistinct(List<ParameterGroup> groups) {
    Set<String> filters = new HashSet<>();
    for (ParameterGroup group : groups) {
      if (!filters.add(group.filter().text())) {
        throw new IllegalArgumentException(
            "two groups of a tower are for "
                + group.filter().text()
                + (group.filter() instanceof ParameterFilter.Where
                    ? "; names of predicates must differ"
                    : "; one would get nothing"));
      }
    }
  }
}
