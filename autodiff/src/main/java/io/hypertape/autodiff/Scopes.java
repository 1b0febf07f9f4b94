package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's open scopes, the last of which is the current one, and the storage of new tensors: in
 * the current scope, in a given one, or in one of their own, which lives until nobody can reach the
 * tensor any more.
 */
final class Scopes {

  private final Session session;
  private final Lifetimes lifetimes;
  private final List<Scope> open = new ArrayList<>();
  // Of the storage of scopes that are opened now; null for the session's pool.
  private @Nullable StorageSource source;

  Scopes(Session session, Lifetimes lifetimes) {
    this.session = session;
    this.lifetimes = lifetimes;
  }

  // Which are open.

  /** Makes a new scope the current one. */
  <S extends Scope> S begin(S fresh) {
    session.checkThread();
    lifetimes.settle();
    if (source != null) {
      fresh.takeFrom(source);
    }
    push(fresh);
    return fresh;
  }

  /** Where scopes that are opened while something is done take their storage from. */
  void during(StorageSource elsewhere, Runnable work) {
    StorageSource before = source;
    source = elsewhere;
    try {
      work.run();
    } finally {
      source = before;
    }
  }

  void push(Scope scope) {
    if (open.contains(scope)) {
      throw new IllegalStateException("this scope is in use already");
    }
    open.add(scope);
  }

  void remove(Scope scope) {
    open.remove(scope);
  }

  /** The current one, for an operation. */
  Scope current(String op) {
    if (open.isEmpty()) {
      throw new IllegalStateException(
          op
              + ": no scope is open; compute inside session.scoped(() -> …), try (Scope s = session.scratch()) or "
              + "try (Tape t = session.tape())");
    }
    return open.getLast();
  }

  /** The tape that operations are recorded on; null if the current scope is none. */
  @Nullable Tape currentTape() {
    return !open.isEmpty() && open.getLast() instanceof Tape tape ? tape : null;
  }

  void checkCurrent(Tape tape) {
    session.checkThread();
    if (open.isEmpty() || open.getLast() != tape) {
      throw new IllegalStateException(
          "gradient: this tape is not the current scope; close or suspend what was opened after it");
    }
  }

  // Where tensors lie; uninitialised unless said otherwise.

  Tensor allocateIn(Scope scope, DType type, int... shape) {
    return new Tensor(
        session, scope, View.contiguous(scope.allocate(type, Shapes.size(shape)), shape));
  }

  /** For as long as somebody can reach it, in a scope of its own. */
  Tensor allocateHome(DType type, int... shape) {
    lifetimes.settle();
    Scope home = new Scope(session);
    Tensor tensor = allocateIn(home, type, shape);
    home.belongToWhoReachesIt();
    return tensor;
  }

  /** For values from outside a computation: where no scope is open, of a lifetime of their own. */
  Tensor create(DType type, int values, int... shape) {
    session.checkThread();
    if (Shapes.size(Shapes.checked(shape)) != values) {
      throw new IllegalArgumentException(
          "tensor: "
              + values
              + " values do not fill shape "
              + Shapes.text(shape)
              + ", which has "
              + Shapes.size(shape)
              + " elements");
    }
    return open.isEmpty()
        ? allocateHome(type, shape.clone())
        : allocateIn(open.getLast(), type, shape.clone());
  }

  /** A copy with a lifetime of its own. */
  Tensor keep(Tensor tensor) {
    session.checkThread();
    tensor.checkUsable("keep");
    Tensor copy = allocateHome(tensor.dtype(), tensor.dims());
    copy.overwrite(tensor);
    return copy;
  }

  /** Integers with a lifetime of their own. */
  Tensor ownIndices(int... values) {
    session.checkThread();
    Tensor tensor = allocateHome(DType.I32, values.length);
    session.overwrite(tensor, values);
    return tensor;
  }
}
