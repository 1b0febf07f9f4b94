package io.hypertape.optim;

import io.hypertape.autodiff.backend.Recording;
import io.hypertape.checks.Failures;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step as it was recorded: what it starts from, what it leaves, and the work between: a pass,
 * which gives loss and gradients, and the update, so that the step can be refused between them.
 */
final class RecordedStep implements AutoCloseable {

  private final Recording pass;
  private final @Nullable Recording update;
  private final Gradients gradients;
  private final @Nullable TowerState after;
  // The last state that was found to lie where the recording expects it.
  private List<LevelState> fitting;
  private long replays;

  /**
   * A step.
   *
   * @param pass gives loss and gradients
   * @param update the update of every level; null if the step ends with the gradients
   * @param gradients what the pass gave, as it was recorded
   * @param after what the update leaves; null if there is none
   */
  RecordedStep(
      Recording pass, @Nullable Recording update, Gradients gradients, @Nullable TowerState after) {
    this.pass = pass;
    this.update = update;
    this.gradients = gradients;
    this.after = after;
    this.fitting = gradients.pass().before().levels();
  }

  /** Whether a state, and the parameters of others, lie where they did. */
  boolean isOf(TowerState state) {
    TowerState before = gradients.pass().before();
    if (state.levels() != fitting) {
      if (!state.isSameStorage(before)) {
        return false;
      }
      fitting = state.levels();
    }
    Pass recorded = gradients.pass();
    return recorded.operations().readsWhereItDid() && recorded.further().readsWhereItDid();
  }

  /** Loss and gradients. If it throws, {@link #undoMidst} puts everything back. */
  void replayPass() {
    replays++;
    pass.replay();
  }

  /** Undoes what a pass that failed has changed beside the tower. */
  void undoMidst() {
    gradients.pass().undo().undo(pass.completed());
  }

  /** The update of every level, by the last pass's gradients. */
  void replayUpdate() {
    update.replay();
  }

  /** How often it has been replayed. */
  long replays() {
    return replays;
  }

  /** As they were recorded. */
  Gradients gradients() {
    return gradients;
  }

  TowerState after() {
    return after;
  }

  int operations() {
    return pass.operations() + (update == null ? 0 : update.operations());
  }

  @Override
  public void close() {
    List<Runnable> parts = new ArrayList<>(List.of(pass::close));
    if (update != null) {
      parts.add(update::close);
    }
    Failures.joined(parts);
  }
}
