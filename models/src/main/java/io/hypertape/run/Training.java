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
   * Trains.
   *
   * @param tower the optimizers; a schedule may last as long as the run does
   * @return how the model does in the end, or when it was stopped
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then
   * @throws IOException if the listener fails
   */
  Score run(Tower tower) throws IOException;

  /**
   * Goes on with a run: its further steps have the bits that they had if it had not been
   * interrupted, on the same backend with as many threads.
   *
   * @param tower the optimizers of the run
   * @param from where the run stands
   * @return how the model does in the end, or when it was stopped
   * @throws UnfitStateException if that is a state of another tower, model or portion of data
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then
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
