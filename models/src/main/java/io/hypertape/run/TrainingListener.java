package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Follows a run. Its methods are called on the thread that trains, and what they throw ends the
 * run.
 */
public interface TrainingListener {

  /**
   * Several that follow one run. Each is told in this order; what one throws, those after it are
   * not told. The run cools down or stops if any of them wants it.
   *
   * @param listeners who follows
   * @return one that stands for all
   */
  static TrainingListener all(TrainingListener... listeners) {
    return new ListenerGroup(Nulls.copy(listeners, "training: listeners"));
  }

  /**
   * The run is under way: what can be wrong with it has been looked for, a state that it goes on
   * from is restored, and the first step is the next thing to come. What was there before the run
   * may be changed from here on.
   *
   * @param optimizer whose hyperparameters can be asked for
   * @throws IOException if what the run shall leave cannot be begun
   */
  default void begin(TowerOptimizer optimizer) throws IOException {}

  /**
   * A step has been taken.
   *
   * @param step its number, from 1
   * @param loss before its update
   * @param optimizer whose hyperparameters can be asked for
   * @throws IOException if it cannot be kept
   */
  default void step(long step, double loss, TowerOptimizer optimizer) throws IOException {}

  /**
   * Asked for after each step, after {@link #step}: where the run stands can be kept. It costs a
   * copy of everything, which changes no bit of the run.
   *
   * @param state copies it from the backend; only until this returns
   * @throws IOException if it cannot be kept
   */
  default void stepped(Supplier<RunState> state) throws IOException {}

  /**
   * An epoch is over.
   *
   * @param epoch its number, from 1
   * @param trainLoss mean of its batches' losses, each before its update
   * @param test how the model does on data held back
   * @param optimizer whose hyperparameters can be asked for, and by whose {@linkplain
   *     TowerOptimizer#evaluation weights for evaluation} the model was judged and is to be saved
   * @throws IOException if it cannot be kept
   */
  default void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
      throws IOException {}

  /**
   * The model has been judged within an epoch, as {@link TrainingOptions#evaluateEvery} asks for.
   *
   * @param step number of steps taken
   * @param trainLoss mean of the losses of the epoch's batches so far
   * @param score how the model does on data held back
   * @param optimizer as with {@link #epoch}
   * @throws IOException if it cannot be kept
   */
  default void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {}

  /**
   * The model is better than it was at every judgement before, by the metric that {@link
   * TrainingOptions#best} names. Told after {@link #epoch} or {@link #evaluated}.
   *
   * @param metric the metric
   * @param value its value
   * @param optimizer by whose {@linkplain TowerOptimizer#evaluation weights for evaluation} the
   *     model is to be saved
   * @throws IOException if it cannot be kept
   */
  default void improved(Metric metric, double value, TowerOptimizer optimizer) throws IOException {}

  /**
   * Asked for after each epoch, and when the run ends early, as when its thread is interrupted:
   * where it stands can be kept.
   *
   * @param state copies it from the backend
   * @throws IOException if it cannot be kept
   */
  default void checkpoint(Supplier<RunState> state) throws IOException {}

  /**
   * Whether to end with a cool-down that begins now; asked before every step until one has begun.
   * The tower's schedule has to be one that can wait for it, such as {@code ondemand}.
   *
   * @return true to begin it
   */
  default boolean coolsDown() {
    return false;
  }

  /**
   * A cool-down has begun, at whose end the run ends.
   *
   * @param why such as {@code test error has not improved for 3 epochs}
   * @param optimizer tells where it {@linkplain TowerOptimizer#coolDownEnd ends}
   * @throws IOException if it cannot be told
   */
  default void coolingDown(String why, TowerOptimizer optimizer) throws IOException {}

  /**
   * The run ends here, without a cool-down.
   *
   * @param why such as {@code test error has not improved for 3 epochs}
   * @param optimizer whose hyperparameters can be asked for
   * @throws IOException if it cannot be told
   */
  default void ending(String why, TowerOptimizer optimizer) throws IOException {}

  /**
   * Whether to end early; asked after every step.
   *
   * @return true to stop
   */
  default boolean stops() {
    return false;
  }
}
