package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerOptimizer;

/**
 * Ends a run from another thread, as a button or a service's shutdown does: given to a trainer as
 * its listener, alone or {@linkplain TrainingListener#all among others}. Its methods may be called
 * from any thread, at any time, more than once.
 *
 * <pre>{@code
 * var control = new TrainingControl();
 * var run = executor.submit(() -> trainer.listener(control).run(tower));
 * control.stop(); // after the step that is under way
 * }</pre>
 */
public final class TrainingControl implements TrainingListener {

  private volatile boolean stopAsked;
  private volatile boolean coolDownAsked;
  private volatile long steps;

  /** One that lets a run go on. */
  public TrainingControl() {}

  /**
   * Ends the run after the step that is under way. The model has what it has learned; where the run
   * stands is offered to {@link TrainingListener#checkpoint}. A run that begins later takes no
   * step.
   */
  public void stop() {
    stopAsked = true;
  }

  /**
   * Ends the run with a cool-down that begins with the next step. The tower's schedule has to be
   * one that can wait for it, such as {@code ondemand}; with another the run fails as {@link
   * TowerOptimizer#coolDown} says.
   */
  public void coolDown() {
    coolDownAsked = true;
  }

  /**
   * How far the run has come.
   *
   * @return number of steps taken; 0 before the first
   */
  public long steps() {
    return steps;
  }

  @Override
  public void begin(TowerOptimizer optimizer) {
    steps = Nulls.check(optimizer, "training control: optimizer").steps();
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    Nulls.check(optimizer, "training control: optimizer");
    steps = step;
  }

  @Override
  public boolean coolsDown() {
    return coolDownAsked;
  }

  @Override
  public boolean stops() {
    return stopAsked;
  }
}
