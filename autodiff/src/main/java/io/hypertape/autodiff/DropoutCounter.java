package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;

/**
 * Where a sequence of dropout masks stands: a seed, and the number of the next mask. The number
 * lies in the backend's memory and moves on with every mask, so that a recorded step draws anew at
 * each replay. A step that is refused sets it back.
 */
public final class DropoutCounter implements AutoCloseable {

  private static final long LIMIT = 1L << 32;

  private final long seed;
  private final Tensor next;

  /**
   * A sequence at its beginning.
   *
   * @param session whose tensors are dropped
   * @param seed equal seeds give equal masks, on every backend
   */
  public DropoutCounter(Session session, long seed) {
    Nulls.check(session, "dropout counter: session");
    this.seed = seed;
    this.next = session.scopes().ownIndices(0);
  }

  /**
   * The seed.
   *
   * @return as given
   */
  public long seed() {
    return seed;
  }

  /**
   * How many masks have been drawn. Waits for the backend.
   *
   * @return 0 at the beginning, and again after 2³² masks
   */
  public long count() {
    return Integer.toUnsignedLong(next.toInts()[0]);
  }

  /**
   * Goes on elsewhere in the sequence, as when a run is resumed.
   *
   * @param count what {@link #count} gave, from 0 to 2³² − 1
   */
  public void set(long count) {
    if (count < 0 || count >= LIMIT) {
      throw new IllegalArgumentException(
          "dropout: the counter cannot be " + count + "; 0 to " + (LIMIT - 1) + " would fit");
    }
    next.session().overwrite(next, new int[] {(int) count});
  }

  /**
   * Frees the storage; drawing masks afterwards is an error. Closing twice does nothing. On another
   * thread than the session's this only asks for it: the storage is freed before that thread opens
   * its next scope.
   */
  @Override
  public void close() {
    next.session().lifetimes().later(next.scope()::close);
  }

  /** A mask of the given shape, whose elements are 1/keep or 0; moves the counter on. */
  Tensor mask(double keep, int... shape) {
    Session session = next.session();
    session.checkThread();
    next.checkUsable("dropout");
    Tensor mask = session.allocate(shape);
    int at = session.backend().recorded();
    session.backend().dropoutMask(keep, seed, next.view(), mask.view());
    // Not before: what was not drawn must not be undone.
    session.funnel().undoLog().ifPresent(log -> log.isDrawn(this, at));
    return mask;
  }
}
