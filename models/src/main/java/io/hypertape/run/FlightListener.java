package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.events.FlightEvents;
import io.hypertape.autodiff.events.RunEvents;
import io.hypertape.optim.TowerOptimizer;

/**
 * Tells Flight Recorder of a run. The first of its listeners: what others do is no part of a step.
 */
final class FlightListener implements TrainingListener {

  private final Session session;
  private final RunEvents events = new RunEvents();

  FlightListener(Session session) {
    this.session = session;
  }

  @Override
  public void begin(TowerOptimizer optimizer) {
    events.epochBegins();
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    events.stepEnds(step, loss);
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
    events.evaluationEnds(optimizer.steps(), test::text);
    events.epochEnds(epoch, optimizer.steps(), trainLoss);
    memory();
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer) {
    events.evaluationEnds(step, score::text);
    memory();
  }

  private void memory() {
    FlightEvents.memory(
        session.backendName(), session.allocatedBytes(), session.usedBytes(), session.peakBytes());
  }

  /** Asked before every step, and before an evaluation. */
  @Override
  public boolean stops() {
    events.begins();
    return false;
  }
}
