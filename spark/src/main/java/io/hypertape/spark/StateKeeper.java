package io.hypertape.spark;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.RunState;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Counts a run's steps, and keeps its states if it is told where. */
final class StateKeeper implements TrainingListener {

  private final Optional<StateFolder> folder;
  private final long every;
  private long steps;

  StateKeeper(Optional<StateFolder> folder, long every) {
    this.folder = folder;
    this.every = every;
  }

  long steps() {
    return steps;
  }

  @Override
  public void begin(TowerOptimizer optimizer) {
    steps = optimizer.steps();
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    steps = step;
  }

  @Override
  public void stepped(Supplier<RunState> state) throws IOException {
    if (folder.isPresent() && every > 0 && steps % every == 0) {
      folder.get().write(state.get());
    }
  }

  @Override
  public void checkpoint(Supplier<RunState> state) throws IOException {
    if (folder.isPresent()) {
      folder.get().write(state.get());
    }
  }
}
