package io.hypertape.run;

import io.hypertape.optim.Tower;
import java.io.IOException;

/** A model, what it shall learn from, and for how long. */
public interface Training {

  /**
   * Steps that a whole run takes.
   *
   * @return their number
   */
  long steps();

  /**
   * Epochs of a whole run.
   *
   * @return their number, the last, partial one counted
   */
  int epochs();

  /**
   * Trains. An interrupt of the thread ends the run after the current step, as {@link
   * TrainingListener#stops} does: where it stands is offered to the listener, the model has what it
   * has learned, and the thread stays interrupted. It is not judged then.
   *
   * @param tower the optimizers; a schedule may last as long as the run does
   * @return how the model does in the end, or when it was stopped; if the thread is interrupted,
   *     the score of no data, whose numbers are NaN
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then.
   *     Or at the end of an epoch, or of the run, if a weight, a running statistic, a
   *     hyperparameter or the loss on the data held back is none; the listener is offered nothing
   *     to be kept then
   * @throws IOException if the listener fails
   */
  Score run(Tower tower) throws IOException;

  /**
   * Goes on with a run: its further steps have the bits that they had if it had not been stopped,
   * on the same backend with as many threads. An interrupt of the thread ends it as it ends {@link
   * #run}.
   *
   * @param tower the optimizers of the run
   * @param from where the run stands
   * @return how the model does in the end, or when it was stopped; if the thread is interrupted,
   *     the score of no data, whose numbers are NaN
   * @throws UnfitStateException if that is a state of another tower, model or portion of data
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then.
   *     Or at the end of an epoch, or of the run, if a weight, a running statistic, a
   *     hyperparameter or the loss on the data held back is none; the listener is offered nothing
   *     to be kept then
   * @throws IOException if the listener fails
   */
  Score resume(Tower tower, RunState from) throws IOException;

  /**
   * How the steps of the last whole epoch ran: replayed, or operation by operation and why.
   *
   * @return a line for people
   */
  String mode();
}
