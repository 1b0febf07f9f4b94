package io.hypertape.run;

import io.hypertape.optim.TowerOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Everything that a run tells, and where it stood last. */
final class RunFollower implements TrainingListener {
  final List<Object> told = new ArrayList<>();
  RunState last;
  final List<RunState> copies = new ArrayList<>();
  long stopAfter = Long.MAX_VALUE;
  long coolAfter = Long.MAX_VALUE;
  long steps;

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    steps = step;
    told.add(step);
    told.add(loss);
    optimizer.hyperparameters().forEach(h -> told.add(h.raw()));
  }

  /** After each step, which changes none of them. */
  @Override
  public void stepped(Supplier<RunState> state) {
    copies.add(state.get());
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
    told.add(epoch);
    told.add(trainLoss);
    told.add(test);
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer) {
    told.add("evaluated after " + step);
    told.add(trainLoss);
    told.add(score);
  }

  @Override
  public void improved(Metric metric, double value, TowerOptimizer optimizer) {
    told.add(metric + " of " + value);
  }

  @Override
  public void ending(String why, TowerOptimizer optimizer) {
    told.add(why);
  }

  @Override
  public void checkpoint(Supplier<RunState> state) {
    last = state.get();
  }

  @Override
  public boolean coolsDown() {
    return steps >= coolAfter;
  }

  @Override
  public void coolingDown(String why, TowerOptimizer optimizer) {
    told.add(why + ", until " + optimizer.coolDownEnd().orElseThrow());
  }

  @Override
  public boolean stops() {
    return steps >= stopAfter;
  }
}
