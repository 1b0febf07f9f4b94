package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A named value beside a model's parameters that no optimizer changes: running statistics, the
 * state that a recurrent network carries from batch to batch. It lives until it is closed, or until
 * nobody can reach it any more, and always at the same place, so that a recorded step may read and
 * write it. A step that is refused leaves it as it was.
 */
public final class Buffer implements AutoCloseable {

  private final String name;
  private final Tensor storage;

  /**
   * A persistent value.
   *
   * @param name its name, such as {@code bn1.running_mean}
   * @param initial its value, copied
   */
  public Buffer(String name, Tensor initial) {
    this.name = Nulls.check(name, "buffer: name");
    Nulls.check(initial, "buffer: initial");
    this.storage = initial.requireFloating("buffer").session().scopes().keep(initial);
  }

  /**
   * The name.
   *
   * @return such as {@code bn1.running_mean}
   */
  public String name() {
    return name;
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
   * The value as it is now.
   *
   * @return a copy in the current scope, which later writes do not change; not tracked
   */
  public Tensor read() {
    storage.session().checkThread();
    storage.checkUsable(name);
    Tensor copy = storage.session().allocate(storage.dims());
    copy.overwrite(storage);
    storage.session().funnel().undoLog().ifPresent(log -> log.isRead(this, copy));
    return copy;
  }

  Tensor copyIn(Scope scope) {
    Tensor copy = storage.session().scopes().allocateIn(scope, storage.dtype(), storage.dims());
    copy.overwrite(storage);
    return copy;
  }

  private void isWritten() {
    storage.session().funnel().undoLog().ifPresent(log -> log.isWritten(this));
  }

  /**
   * Changes the value, on the device: a recorded step does so at each replay.
   *
   * @param value a tensor of the same shape; nothing is differentiated through it
   * @throws IllegalArgumentException if the shape differs
   */
  public void write(Tensor value) {
    Nulls.check(value, "write: value");
    storage.session().checkThread();
    storage.checkUsable(name);
    if (!Arrays.equals(value.dims(), storage.dims())) {
      throw new IllegalArgumentException(
          "buffer "
              + name
              + " has shape "
              + Shapes.text(storage.dims())
              + ", not "
              + Shapes.text(value.dims()));
    }
    value.requireFloating(name);
    isWritten();
    storage.overwrite(value);
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, in row-major order
   */
  public void set(float[] values) {
    Nulls.check(values, "set: values");
    isWritten();
    storage.session().overwrite(storage, values);
  }

  /**
   * Changes the value from the host, rounding if the session's type is float32.
   *
   * @param values as many as there are elements, in row-major order
   */
  public void set(double[] values) {
    Nulls.check(values, "set: values");
    isWritten();
    storage.session().overwrite(storage, values);
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, from the buffer's position to its limit
   */
  public void set(FloatBuffer values) {
    Nulls.check(values, "set: values");
    isWritten();
    storage.session().overwrite(storage, values);
  }

  /**
   * Changes the value from the host, rounding if the session's type is float32.
   *
   * @param values as many as there are elements, from the buffer's position to its limit
   */
  public void set(DoubleBuffer values) {
    Nulls.check(values, "set: values");
    isWritten();
    storage.session().overwrite(storage, values);
  }

  /**
   * Changes the value from the host.
   *
   * @param values as many as there are elements, of the session's type, in native byte order
   */
  public void set(MemorySegment values) {
    Nulls.check(values, "set: values");
    isWritten();
    storage.session().overwrite(storage, values);
  }

  /**
   * Copies the value into an array. Waits for the backend.
   *
   * @param into of as many elements as there are
   * @return {@code into}, with the elements in row-major order
   */
  public float[] toFloats(float[] into) {
    return storage.toFloats(into);
  }

  /**
   * Copies the value into an array. Waits for the backend.
   *
   * @param into of as many elements as there are
   * @return {@code into}, with the elements in row-major order
   */
  public double[] toDoubles(double[] into) {
    return storage.toDoubles(into);
  }

  /**
   * Copies the value to where a buffer's position to limit are, which stay as they are. Waits for
   * the backend.
   *
   * @param into with as many elements remaining as there are
   */
  public void copyTo(FloatBuffer into) {
    storage.copyTo(into);
  }

  /**
   * Copies the value as it is, of the session's type and in native byte order. Waits for the
   * backend.
   *
   * @param into of exactly the elements' bytes
   */
  public void copyTo(MemorySegment into) {
    storage.copyTo(into);
  }

  /**
   * Copies the value to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public float[] toFloats() {
    return storage.toFloats();
  }

  /**
   * Copies the value to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public double[] toDoubles() {
    return storage.toDoubles();
  }

  /**
   * Frees the storage; using the value afterwards is an error. Closing twice does nothing. On
   * another thread than the session's this only asks for it: the storage is freed before that
   * thread opens its next scope.
   */
  @Override
  public void close() {
    storage.session().lifetimes().later(storage.scope()::close);
  }

  @Override
  public String toString() {
    return name + Shapes.text(storage.dims());
  }
}
