package io.hypertape.optim;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Session;
import java.util.Optional;

/**
 * A schedule's factor where a step finds it: a scalar that stays in its place and is overwritten
 * between steps, when the factor changes, so that recorded steps stay what they are. An update
 * takes a copy: it is differentiated in the next step, when the next factor is in place.
 */
final class ScheduledFactor {

  private static final String NAME = "schedule/cool-down";
  private static final int NUMBERS = 3;

  private final Session session;
  private final StepSchedule schedule;
  private final Buffer factor;
  private double held;
  private Optional<Cooling> cooling = Optional.empty();

  ScheduledFactor(Session session, StepSchedule schedule) {
    this.session = session;
    this.schedule = schedule;
    this.held = schedule.factor(0);
    this.factor = session.scoped(() -> new Buffer("schedule", session.scalar(held)));
  }

  /** The factor; empty if it is always 1. */
  Optional<Buffer> tensor() {
    return schedule instanceof StepSchedule.Constant ? Optional.empty() : Optional.of(factor);
  }

  /** Gets the factor of the step that comes next in place. */
  void prepare(long step) {
    double next = factor(step);
    if (next != held) {
      factor.set(new double[] {next});
      held = next;
    }
  }

  /** The factor of a step. */
  double factor(long step) {
    return cooling.isPresent() && cooling.get().isAt(step)
        ? cooling.get().factor(step)
        : schedule.factor(step);
  }

  Optional<Cooling> cooling() {
    return cooling;
  }

  /** Lets the factor fall to 0 from what it is at a step. */
  void coolDown(long begin, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("coolDown: " + steps + " steps; at least 1 is needed");
    }
    if (tensor().isEmpty()) {
      throw new IllegalStateException(
          "coolDown: the tower has no schedule, and its steps have no factor that could fall;"
              + " a tower with schedule=ondemand (StepSchedule.onDemand()) can cool down");
    }
    if (cooling.isPresent()) {
      throw new IllegalStateException("coolDown: there is one already, " + cooling.get());
    }
    cooling = Optional.of(new Cooling(begin, steps, schedule.factor(begin)));
  }

  /** Goes on with what another run had. */
  void become(Optional<Cooling> other) {
    cooling = other;
  }

  void name(NamedTensors named) {
    cooling.ifPresent(
        fall -> {
          double[] numbers = new double[NUMBERS * DoubleParts.NUMBER];
          double[] values = {fall.begin(), fall.steps(), fall.from()};
          for (int i = 0; i < NUMBERS; i++) {
            System.arraycopy(
                DoubleParts.of(values[i]), 0, numbers, i * DoubleParts.NUMBER, DoubleParts.NUMBER);
          }
          named.put(NAME, session.tensor(numbers, numbers.length));
        });
  }

  /** The cool-down that {@link #name} has told. */
  Optional<Cooling> cooling(NamedTensors named) {
    if (tensor().isEmpty()) {
      return Optional.empty();
    }
    return named.find(NAME, NUMBERS * DoubleParts.NUMBER).map(found -> read(found.toDoubles()));
  }

  private static Cooling read(double[] numbers) {
    double[] values = new double[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      int at = i * DoubleParts.NUMBER;
      values[i] =
          DoubleParts.sum(java.util.Arrays.copyOfRange(numbers, at, at + DoubleParts.NUMBER));
    }
    try {
      return new Cooling((long) values[0], (long) values[1], values[2]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("state of a tower: " + NAME + ": " + e.getMessage(), e);
    }
  }
}
