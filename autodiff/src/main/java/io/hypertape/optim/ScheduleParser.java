package io.hypertape.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a schedule's text.
 *
 * <pre>
 * schedule = "constant" | "ondemand" | "step" "(" steps "," factor ")"
 *          | "milestones" "(" steps { "," steps } "," factor ")" | "cosine" [ "(" steps ")" ]
 *          | "decay" "(" fraction [ "," steps ] ")"
 *          | "warmup" "(" steps [ "," schedule ] ")"
 * </pre>
 */
final class ScheduleParser {

  private static final String NAMES = "constant, step, milestones, cosine, decay, ondemand, warmup";
  private static final double MAX_STEPS = 1e15;
  // A schedule inside a schedule inside …: what is written by hand has two or three.
  private static final int MAX_DEPTH = 100;

  private final TextScanner scanner;
  private int depth;

  ScheduleParser(TextScanner scanner) {
    this.scanner = scanner;
  }

  static StepSchedule parse(String text) {
    TextScanner scanner = new TextScanner("schedule", text);
    StepSchedule schedule = new ScheduleParser(scanner).schedule();
    scanner.expectEnd("nothing more");
    return schedule;
  }

  StepSchedule schedule() {
    int begin = scanner.skipSpace();
    if (++depth > MAX_DEPTH) {
      throw scanner.error(begin, "schedules more than " + MAX_DEPTH + " deep");
    }
    String name = scanner.name("a schedule's name (" + NAMES + ")");
    try {
      return switch (name) {
        case "constant" -> StepSchedule.constant();
        case "ondemand" -> StepSchedule.onDemand();
        case "step" -> {
          scanner.expect('(');
          long every = steps();
          scanner.expect(',');
          double factor = scanner.number();
          scanner.expect(')');
          yield StepSchedule.step(every, factor);
        }
        case "milestones" -> milestones();
        case "cosine" -> {
          if (!scanner.accept('(')) {
            yield StepSchedule.cosine();
          }
          long steps = steps();
          scanner.expect(')');
          yield StepSchedule.cosine(steps);
        }
        case "decay" -> {
          scanner.expect('(');
          double fraction = scanner.number();
          StepSchedule decay =
              scanner.accept(',')
                  ? StepSchedule.decay(fraction, steps())
                  : StepSchedule.decay(fraction);
          scanner.expect(')');
          yield decay;
        }
        case "warmup" -> warmUp();
        default ->
            throw scanner.error(begin, "unknown schedule '" + name + "' (known: " + NAMES + ")");
      };
    } catch (TowerSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw scanner.error(begin, e.getMessage());
    }
  }

  private StepSchedule milestones() {
    scanner.expect('(');
    List<Long> changes = new ArrayList<>();
    while (true) {
      int begin = scanner.skipSpace();
      double value = scanner.number();
      // What is followed by nothing more is the factor.
      if (!scanner.accept(',')) {
        scanner.expect(')');
        return StepSchedule.milestones(changes, value);
      }
      changes.add(steps(begin, value));
    }
  }

  private StepSchedule warmUp() {
    scanner.expect('(');
    long steps = steps();
    StepSchedule then = scanner.accept(',') ? schedule() : StepSchedule.constant();
    scanner.expect(')');
    return StepSchedule.warmUp(steps, then);
  }

  private long steps() {
    int begin = scanner.skipSpace();
    return steps(begin, scanner.number());
  }

  private long steps(int begin, double value) {
    if (value < 1 || value > MAX_STEPS || value != Math.rint(value)) {
      throw scanner.error(begin, "a whole number of steps, 1 or more, is needed");
    }
    return (long) value;
  }
}
