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

  private final StepSchedule schedule;
  private final Buffer factor;
  private double held;

  ScheduledFactor(Session session, StepSchedule schedule) {
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
    double next = schedule.factor(step);
    if (next != held) {
      factor.set(new double[] {next});
      held = next;
    }
  }
}
