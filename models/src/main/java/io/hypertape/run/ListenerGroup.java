package io.hypertape.run;

import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Several listeners as one. */
record ListenerGroup(List<TrainingListener> members) implements TrainingListener {

  @Override
  public void begin(TowerOptimizer optimizer) throws IOException {
    for (TrainingListener member : members) {
      member.begin(optimizer);
    }
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
    for (TrainingListener member : members) {
      member.step(step, loss, optimizer);
    }
  }

  @Override
  public void stepped(Supplier<RunState> state) throws IOException {
    Supplier<RunState> once = once(state);
    for (TrainingListener member : members) {
      member.stepped(once);
    }
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
      throws IOException {
    for (TrainingListener member : members) {
      member.epoch(epoch, trainLoss, test, optimizer);
    }
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {
    for (TrainingListener member : members) {
      member.evaluated(step, trainLoss, score, optimizer);
    }
  }

  @Override
  public void improved(Metric metric, double value, TowerOptimizer optimizer) throws IOException {
    for (TrainingListener member : members) {
      member.improved(metric, value, optimizer);
    }
  }

  @Override
  public void checkpoint(Supplier<RunState> state) throws IOException {
    Supplier<RunState> once = once(state);
    for (TrainingListener member : members) {
      member.checkpoint(once);
    }
  }

  @Override
  public boolean coolsDown() {
    boolean any = false;
    for (TrainingListener member : members) {
      any |= member.coolsDown();
    }
    return any;
  }

  @Override
  public void coolingDown(String why, TowerOptimizer optimizer) throws IOException {
    for (TrainingListener member : members) {
      member.coolingDown(why, optimizer);
    }
  }

  @Override
  public void ending(String why, TowerOptimizer optimizer) throws IOException {
    for (TrainingListener member : members) {
      member.ending(why, optimizer);
    }
  }

  @Override
  public boolean stops() {
    boolean any = false;
    for (TrainingListener member : members) {
      any |= member.stops();
    }
    return any;
  }

  /** A state is copied from the backend once for all, and not at all if none asks for it. */
  private static Supplier<RunState> once(Supplier<RunState> state) {
    RunState[] copy = new RunState[1];
    return () -> {
      if (copy[0] == null) {
        copy[0] = state.get();
      }
      return copy[0];
    };
  }
}
