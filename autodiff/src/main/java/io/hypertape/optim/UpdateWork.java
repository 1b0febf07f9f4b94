package io.hypertape.optim;

/** What an update moves. What it does not move stands still, its state too. */
enum UpdateWork {
  /** All levels, which is so if no batches are held out. */
  ALL,
  /** The levels of weights. */
  LEARN,
  /** The levels above those, by a batch that is held out. */
  TUNE;

  boolean moves(LevelPlace place) {
    return this == ALL || (this == LEARN) == (place.number() == 1);
  }
}
