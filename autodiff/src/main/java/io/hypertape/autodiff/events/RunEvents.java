package io.hypertape.autodiff.events;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run, of one thread. While nothing is recorded, a step costs a look at a variable,
 * and nothing is left on the heap.
 */
public final class RunEvents {

  private @Nullable StepEvent step;
  private @Nullable EvaluationEvent evaluation;
  private @Nullable EpochEvent epoch;

  /** Those of a run that has not begun. */
  public RunEvents() {}

  /** An epoch begins, or the run. */
  public void epochBegins() {
    epoch = null;
    if (FlightEvents.areWanted()) {
      epoch = new EpochEvent();
      epoch.begin();
    }
  }

  /** A step comes next, or an evaluation. */
  public void begins() {
    step = null;
    evaluation = null;
    if (FlightEvents.areWanted()) {
      step = new StepEvent();
      step.begin();
      evaluation = new EvaluationEvent();
      evaluation.begin();
    }
  }

  /**
   * A step has ended.
   *
   * @param number the step's
   * @param loss before its update
   */
  public void stepEnds(long number, double loss) {
    StepEvent event = step;
    step = null;
    if (event != null && event.shouldCommit()) {
      event.number = number;
      event.loss = loss;
      event.commit();
    }
    if (evaluation != null) {
      evaluation.begin();
    }
  }

  /**
   * An evaluation has ended.
   *
   * @param steps of the run so far
   * @param score tells the result
   */
  public void evaluationEnds(long steps, Supplier<String> score) {
    EvaluationEvent event = evaluation;
    evaluation = null;
    if (event != null && event.shouldCommit()) {
      event.steps = steps;
      event.score = score.get();
      event.commit();
    }
  }

  /**
   * An epoch has ended; what comes next is another one, if anything.
   *
   * @param number the epoch's, from 1
   * @param steps of the run so far
   * @param loss mean of the batches' losses
   */
  public void epochEnds(int number, long steps, double loss) {
    EpochEvent event = epoch;
    if (event != null && event.shouldCommit()) {
      event.number = number;
      event.steps = steps;
      event.loss = loss;
      event.commit();
    }
    epochBegins();
  }
}
