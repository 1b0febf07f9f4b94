package io.hypertape.optim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a tower's text.
 *
 * <pre>
 * tower    = levels { group | "clip" "=" number | "schedule" "=" schedule
 *                     | "guard" "=" guard | "cap" "=" number [ ".." number ] | "heldout" "=" count }
 * levels   = level { "/" level } | "auto" [ "(" level ")" ]
 * level    = name [ "(" [ argument { "," argument } ] ")" ] [ "^" count ]
 * argument = number | name "=" number | "average" "=" number | "tune" "=" name { "+" name } | domain
 *          | "by" "=" hypergradient
 * group    = "group" "(" pattern "," levels ")"
 * guard    = "jump" [ "(" number "," number "," number ")" ] [ "+" "edge" [ "(" number "," number ")" ] ]
 * </pre>
 *
 * A pattern is what {@link NamePattern} reads, a domain what {@link DomainParser} does, a
 * hypergradient what {@link HypergradientParser} does. Groups may be several, each with a pattern
 * of its own; the other options stand once at most. Those that {@code auto} brings may be given
 * too, and are then as given.
 */
final class TowerParser {

  private static final List<String> OPTIONS =
      List.of(Tower.GROUP, Tower.CLIP, Tower.SCHEDULE, Tower.GUARD, Tower.CAP, Tower.HELD_OUT);

  private final TextScanner scanner;
  private final LevelParser levels;

  TowerParser(String text) {
    this.scanner = new TextScanner("tower", text);
    this.levels = new LevelParser(scanner);
  }

  Tower parse() {
    return options(levels.tower());
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
      } else if (scanner.acceptWord(Tower.GUARD)) {
        once(seen, Tower.GUARD, begin);
        result = guarded(result);
      } else if (scanner.acceptWord(Tower.CAP)) {
        once(seen, Tower.CAP, begin);
        result = capped(result);
      } else if (scanner.acceptWord(Tower.HELD_OUT)) {
        once(seen, Tower.HELD_OUT, begin);
        result = heldOut(result);
      } else {
        String options =
            String.join("=, ", OPTIONS)
                    .replace(Tower.GROUP + "=", Tower.GROUP + "(")
                    .replace(", " + Tower.HELD_OUT, " or " + Tower.HELD_OUT)
                + "=";
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
    // Guard and schedule hold for all groups.
    Tower own = new Tower(levels.tower().levels());
    int end = scanner.skipSpace();
    for (String option : OPTIONS) {
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

  private Tower capped(Tower tower) {
    int begin = scanner.skipSpace();
    double first = scanner.number();
    boolean isRange = scanner.acceptRange();
    double most = isRange ? scanner.number() : first;
    try {
      return tower.cappedAt(isRange ? first : 0, most);
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private Tower heldOut(Tower tower) {
    int begin = scanner.skipSpace();
    double every = scanner.number();
    // A count of 0 is what a tower has without it.
    if (every < 2 || every > Integer.MAX_VALUE || every != Math.rint(every)) {
      throw scanner.error(
          begin, "every how many-th batch is held out is a whole number of 2 or more");
    }
    return tower.heldOut((int) every);
  }

  private Tower guarded(Tower tower) {
    int begin = scanner.skipSpace();
    if (!scanner.acceptWord(Guard.NAME)) {
      throw scanner.error(
          begin, "'" + Guard.NAME + "' or " + Guard.standard().text() + " is needed");
    }
    if (!scanner.accept('(')) {
      return tower.guardedBy(edged(Guard.standard()));
    }
    double tolerance = scanner.number();
    scanner.expect(',', "',' and by which share a loss may exceed the first one");
    double rise = scanner.number();
    scanner.expect(',', "',' and what step sizes are divided by");
    double cut = scanner.number();
    scanner.expect(')');
    try {
      return tower.guardedBy(edged(new Guard(tolerance, rise, cut)));
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private Guard edged(Guard guard) {
    if (!scanner.accept('+')) {
      return guard;
    }
    int begin = scanner.skipSpace();
    if (!scanner.acceptWord(Edge.NAME)) {
      throw scanner.error(begin, "'" + Edge.NAME + "' or " + Edge.standard().text() + " is needed");
    }
    if (!scanner.accept('(')) {
      return guard.with(Edge.standard());
    }
    double burst = scanner.number();
    scanner.expect(',', "',' and what the step size is divided by");
    double cut = scanner.number();
    scanner.expect(')');
    try {
      return guard.with(new Edge(burst, cut));
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }
}
