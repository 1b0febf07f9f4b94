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
   * @param tower the optimizers
   * @return how the model does in the end, or when it was stopped
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then
   * @throws IOException if the listener fails
   */
  Score run(Tower tower) throws IOException;

  /**
   * How the steps of the last whole epoch ran: replayed, or operation by operation and why.
   *
   * @return a line for people
   */
  String mode();
}
