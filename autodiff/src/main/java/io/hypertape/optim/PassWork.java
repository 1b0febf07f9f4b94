package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.Optional;

/** What a pass does, on the current tape. */
interface PassWork {

  /** The loss. What it changes beside the tower is undone if the step comes to nothing. */
  Tensor loss();

  /** It is not run but replayed. */
  default void replays() {}

  /** What the pass changes beside the tower's state, and its recording too; empty for nothing. */
  default Optional<Object> target() {
    return Optional.empty();
  }

  /** Its gradients, and what else belongs to the pass. */
  Gradients gradients(Pass pass, Tensor loss);

  /** What follows a pass; recordings of one kind do not serve for another. */
  enum Kind {
    /** An update of all levels, or of the weights alone where batches are held out. */
    STEP,
    /** An update of the levels above the weights, by a batch that is held out. */
    HELD_OUT,
    /** Gradients are stored as the first ones of a sum. */
    FIRST_OF_SUM,
    /** Gradients are added to a sum. */
    MORE_OF_SUM;

    boolean isUpdate() {
      return this == STEP || this == HELD_OUT;
    }

    /** An update's kind by what it moves. */
    Kind of(UpdateWork work) {
      return isUpdate() && work == UpdateWork.TUNE ? HELD_OUT : this;
    }
  }
}
