package io.hypertape.autodiff.internal;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What of the tape's public types only neighbours use. Those types are parameters here, as this
 * package may not know the one that they are in, which depends on it.
 *
 * @param <S> a session
 * @param <C> a scope
 * @param <T> a tape
 * @param <P> a parameter
 * @param <V> a tensor
 */
public abstract class Access<S, C, T, P, V> {

  private static Access<?, ?, ?, ?, ?> installed;

  /** For the one implementation. */
  protected Access() {}

  /**
   * Makes the implementation known, once.
   *
   * @param access the implementation
   */
  public static synchronized void install(Access<?, ?, ?, ?, ?> access) {
    if (installed != null) {
      throw new IllegalStateException("access is installed already");
    }
    installed = access;
  }

  /**
   * The implementation.
   *
   * @return what was installed
   * @throws IllegalStateException if nothing was
   */
  public static synchronized Access<?, ?, ?, ?, ?> installed() {
    if (installed == null) {
      throw new IllegalStateException("no access is installed");
    }
    return installed;
  }

  // Of sessions.

  /**
   * Storage for scopes that do the same again and again.
   *
   * @param session whose storage
   * @return an empty workspace, to be closed by the caller, or freed with the session
   */
  public abstract Workspace workspace(S session);

  /**
   * Opens a tape over a workspace and makes it the current scope.
   *
   * @param session the session
   * @param storage where its tensors lie; see {@link #takeFrom}
   * @return the tape, to be closed by the caller
   */
  public abstract T tape(S session, Workspace storage);

  /**
   * A log of what work changes, for work in the current scope.
   *
   * @param session the session
   * @return an empty log, usable as long as that scope
   */
  public abstract UndoLog undoLog(S session);

  /**
   * A log of the operations that work consists of.
   *
   * @param session the session
   * @return an empty log
   */
  public abstract OperationLog operationLog(S session);

  /**
   * Whether {@link #record} is to be had.
   *
   * @param session the session
   * @return true where replaying work is cheaper than giving it to the machine piece by piece
   */
  public abstract boolean canRecord(S session);

  /**
   * What slower ways have been taken because a faster one was not to be had.
   *
   * @param session the session
   * @return a clause each for people, with the reason
   */
  public abstract List<String> fallbacks(S session);

  /**
   * Records work without running it. The work is done anew by each replay, on the same storage.
   *
   * @param session the session
   * @param work computes with tensors whose storage is there already, and reads and creates none
   *     from the host
   * @return the recording, to be closed by the caller, or freed with the session
   * @throws io.hypertape.autodiff.backend.RecordingException if the work cannot be recorded, with
   *     the reason; what the tape holds then is up to the caller to undo
   */
  public abstract Recording record(S session, Runnable work);

  /**
   * Does something on a session's thread: now, if that is the current one, or before it opens its
   * next scope. Nothing is done if it never does.
   *
   * @param session the session
   * @param action what to do; if it fails elsewhere than here, that is logged
   */
  public abstract void later(S session, Runnable action);

  /**
   * Whether the current thread may use a session.
   *
   * @param session the session
   * @return true on the thread that opened it
   */
  public abstract boolean isOwner(S session);

  /**
   * Refuses any other thread than a session's, as long as that is open.
   *
   * @param session the session
   * @throws IllegalStateException on another thread than the one that opened it
   */
  public abstract void checkOwner(S session);

  /**
   * What a session computes with. It can be used from any thread, by one at a time, which is what
   * whoever asks for it sees to; a call while another one is under way is refused.
   *
   * @param session the session
   * @return its backend, closed with the session
   */
  public abstract Backend backend(S session);

  /**
   * Does work of which another backend is told instead of the session's own, and has the storage of
   * scopes that are opened in it. What lives longer than those is allocated as ever.
   *
   * @param session the session
   * @param around from the session's own backend to the one that gets operations and copies, and
   *     whose storage is never given back
   * @param work opens a scope and computes
   */
  public abstract void during(S session, UnaryOperator<Backend> around, Runnable work);

  // Of scopes and tapes.

  /**
   * From here on, a scope takes storage from a workspace instead of the session, beginning at its
   * first slot: whatever another scope computed there is overwritten.
   *
   * @param scope the scope
   * @param storage the workspace, which keeps the storage when the scope is closed
   */
  public abstract void takeFrom(C scope, Workspace storage);

  /**
   * Shows a tensor's value for as long as a scope is open.
   *
   * @param scope the scope
   * @param tensor a tensor whose storage outlives the scope
   * @return the same value, not tracked; using it after the scope is closed is an error
   */
  public abstract V show(C scope, V tensor);

  /**
   * A tensor's value for as long as a scope is open, whatever becomes of the scope that it was
   * computed in.
   *
   * @param scope any scope of the tensor's session
   * @param tensor a tensor whose storage is a workspace's or a parameter's
   * @return the same value, not tracked
   */
  public abstract V move(C scope, V tensor);

  /**
   * Makes what is recorded so far what {@link #rewind} goes back to.
   *
   * @param tape the tape
   */
  public abstract void keep(T tape);

  /**
   * Forgets what was recorded after {@link #keep}: the tape can then go on from there again.
   *
   * @param tape the tape
   */
  public abstract void rewind(T tape);

  /**
   * Forgets what was recorded, and keeps the values.
   *
   * @param tape the tape
   */
  public abstract void forget(T tape);

  /**
   * First-order cotangents of a tape's values from those of others.
   *
   * @param tape the tape, which is the current scope
   * @param values values of the tape
   * @param cotangents of each of these, not tracked
   * @param targets values of the tape
   * @return a cotangent for each target, of its shape; zeros where no value depends on it
   */
  public abstract List<V> pullBack(T tape, List<V> values, List<V> cotangents, List<V> targets);

  // Of tensors.

  /**
   * Whether two tensors look at the same elements of the same storage.
   *
   * @param one a tensor
   * @param other another one
   * @return true if a change of one would be seen in the other, element by element
   */
  public abstract boolean isSameStorage(V one, V other);

  /**
   * Whether a tensor lives as long as a scope.
   *
   * @param scope the scope
   * @param tensor the tensor
   * @return true if it was computed there, or is a view of what was
   */
  public abstract boolean isOf(C scope, V tensor);

  // Of parameters.

  /**
   * Makes a tensor a parameter's value without copying it: its history is the value's, and its
   * storage, too, until {@link #commit}.
   *
   * @param parameter the parameter
   * @param value a tensor of the same shape
   * @throws IllegalArgumentException if the shape differs
   */
  public abstract void place(P parameter, V value);

  /**
   * A parameter's value with its history on the tape of the optimizer that is at work on it,
   * whichever tape is the current one.
   *
   * @param parameter the parameter
   * @return a tensor, tracked if an optimizer is at work on it, usable until the next change
   * @throws IllegalStateException if it is closed
   */
  public abstract V tracked(P parameter);

  /**
   * A parameter's own storage.
   *
   * @param parameter the parameter
   * @return the value as of the last {@link #commit}, as a tensor that lives as long as it
   */
  public abstract V storage(P parameter);

  /**
   * Copies a parameter's value to its storage, so that it outlives the scope it was computed in.
   *
   * @param parameter the parameter
   */
  public abstract void commit(P parameter);
}
