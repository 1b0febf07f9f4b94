package io.hypertape.autodiff.internal;

/**
 * Storage that is used in the same order each time: the k-th tensor of a type of a scope over it
 * lies where the k-th one of the scope before lay, if there is room. So a loop whose passes do the
 * same, on as much data or on less, allocates nothing, and works on the same storage in each pass,
 * which is what makes its work recordable. Two scopes that are alive together need a workspace
 * each.
 */
public interface Workspace extends AutoCloseable {

  /**
   * Tells whether the storage is still what it was.
   *
   * @return a number that grows whenever a slot is added or changed
   */
  long version();

  /** Gives the storage back to the session. Closing twice does nothing. */
  @Override
  void close();
}
