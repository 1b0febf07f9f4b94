package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A named value that an optimizer changes: a weight of a model or a hyperparameter of another
 * optimizer. It has storage of its own, which is freed when this is closed, or when nobody can
 * reach it any more; while an optimizer runs, its value lives on that optimizer's tape instead and
 * is committed to the storage when the optimizer is closed.
 */
public final class Parameter implements AutoCloseable {

  private final String name;
  private final Tensor storage;
  private Tensor value;
  // Another thread wants it closed, and an optimizer is at work on it.
  private boolean closesNext;

  /**
   * A parameter.
   *
   * @param name its name, such as {@code layer1.weight}
   * @param initial its value, copied
   */
  public Parameter(String name, Tensor initial) {
    this.name = Nulls.check(name, "parameter: name");
    Nulls.check(initial, "parameter " + name + ": initial");
    this.storage = initial.requireFloating("parameter " + name).session().scopes().keep(initial);
    this.value = storage;
  }

  /**
   * The name.
   *
   * @return such as {@code layer1.weight}
   */
  public String name() {
    return name;
  }

  /**
   * The session whose tensors it consists of.
   *
   * @return that of its first value
   */
  public Session session() {
    return storage.session();
  }

  /**
   * Lengths of the axes.
   *
   * @return a copy of the shape, outermost axis first
   */
  public int[] shape() {
    return storage.shape();
  }

  /**
   * Number of elements.
   *
   * @return product of the axes' lengths
   */
  public int size() {
    return storage.size();
  }

  /**
   * The current value. On a tape that watches it, and in the step of an optimizer that is at work
   * on it, gradients flow through it; elsewhere it is a plain value of the same storage. During
   * {@link ParameterMap#during} it is what stands there for it.
   *
   * @return a tensor, usable until the next change
   * @throws IllegalStateException if this is closed
   */
  public Tensor value() {
    if (storage.scope().isClosed()) {
      storage.session().checkOpen();
      throw new IllegalStateException(
          "parameter " + this + " is used after it was closed, alone or with its model");
    }
    return session().parameterValues().of(this, value);
  }

  /** The value with its history on the tape of the optimizer that is at work on this. */
  Tensor tracked() {
    // Refused where this is closed.
    value();
    return value;
  }

  /** The value as of the last {@link #commit}, as a tensor that lives as long as this. */
  Tensor storage() {
    return storage;
  }

  /**
   * Changes the value, on the device.
   *
   * @param newValue a tensor of the same session and shape, copied; nothing is differentiated
   *     through it
   * @throws IllegalArgumentException if the shape differs
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(Tensor newValue) {
    Nulls.check(newValue, "parameter: newValue");
    checkFits(newValue);
    Tensor target = settable();
    try (Scope unused = session().scratch()) {
      // A view of the value itself, such as its transpose, would change while it is read.
      boolean isOfThis = newValue.view().storage() == target.view().storage();
      target.overwrite(isOfThis ? newValue.copy() : newValue);
    }
    value = target;
  }

  /** Makes a tensor the value without copying it, until {@link #commit}. */
  void place(Tensor newValue) {
    checkFits(newValue);
    value = newValue;
  }

  private void checkFits(Tensor newValue) {
    if (!newValue.dtype().equals(storage.dtype())) {
      // No text is made of a name where all is well: every step places its parameters.
      newValue.requireFloating("parameter " + name);
    }
    if (newValue.session() != session()) {
      throw new IllegalArgumentException(
          "parameter " + this + " cannot have a value of another session than its own");
    }
    if (!Arrays.equals(newValue.dims(), storage.dims())) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + " has shape "
              + Shapes.text(storage.dims())
              + ", not "
              + Shapes.text(newValue.dims()));
    }
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, in row-major order
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(float[] values) {
    Nulls.check(values, "set: values");
    session().overwrite(settable(), values);
    value = storage;
  }

  /**
   * Changes the value from the host, rounding if the session's type is float32.
   *
   * @param values as many as there are elements, in row-major order
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(double[] values) {
    Nulls.check(values, "set: values");
    session().overwrite(settable(), values);
    value = storage;
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, from the buffer's position to its limit
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(FloatBuffer values) {
    Nulls.check(values, "set: values");
    session().overwrite(settable(), values);
    value = storage;
  }

  /**
   * Changes the value from the host, rounding if the session's type is float32.
   *
   * @param values as many as there are elements, from the buffer's position to its limit
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(DoubleBuffer values) {
    Nulls.check(values, "set: values");
    session().overwrite(settable(), values);
    value = storage;
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, of the session's type, in native byte order
   * @throws IllegalStateException if an optimizer is at work on it
   */
  public void set(MemorySegment values) {
    Nulls.check(values, "set: values");
    session().overwrite(settable(), values);
    value = storage;
  }

  /** The storage to be overwritten; an optimizer's next update would not see it. */
  private Tensor settable() {
    if (value.isTracked()) {
      throw new IllegalStateException(
          "parameter "
              + this
              + " is at work in an optimizer; close that first, and bind its tower anew");
    }
    return storage;
  }

  /** Copies the current value to the storage, so that it outlives the scope it was computed in. */
  void commit() {
    if (value != storage) {
      if (!value.isSameStorage(storage)) {
        storage.overwrite(value);
      }
      value = storage;
    }
    if (closesNext) {
      free();
    }
  }

  private void free() {
    storage.scope().close();
  }

  /**
   * Frees the storage; using the value afterwards is an error. Closing twice does nothing. On
   * another thread than the session's this only asks for it: the storage is freed before that
   * thread opens its next scope, or, if an optimizer is at work on this, when that one is closed.
   *
   * @throws IllegalStateException if an optimizer is at work on it, on the session's thread
   */
  @Override
  public void close() {
    if (storage.session().isClosed()) {
      return;
    }
    if (storage.session().isOwner()) {
      settable();
      free();
      return;
    }
    storage
        .session()
        .lifetimes()
        .later(
            () -> {
              closesNext = value.isTracked();
              if (!closesNext) {
                free();
              }
            });
  }

  @Override
  public String toString() {
    return name + Shapes.text(storage.dims());
  }
}
