package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** How a tensor's elements come to the host. The only implementation is {@link Tensor}. */
public sealed interface TensorReading permits Tensor {

  /**
   * The value of a tensor of one element. Waits for the backend.
   *
   * @return the element
   */
  default double item() {
    if (self().size() != 1) {
      throw new IllegalArgumentException(
          "item: shape "
              + Shapes.text(self().dims())
              + " has "
              + self().size()
              + " elements; one is needed");
    }
    self().checkUsable("item");
    return self().session().host().item(self());
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  default float[] toFloats() {
    return toFloats(new float[self().size()]);
  }

  /**
   * Copies the elements into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  default float[] toFloats(float[] into) {
    Nulls.check(into, "toFloats: into");
    return self().session().host().floats(self(), into);
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  default double[] toDoubles() {
    return toDoubles(new double[self().size()]);
  }

  /**
   * Copies the elements into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  default double[] toDoubles(double[] into) {
    Nulls.check(into, "toDoubles: into");
    return self().session().host().doubles(self(), into);
  }

  /**
   * Copies the elements of an integer tensor to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  default int[] toInts() {
    return toInts(new int[self().size()]);
  }

  /**
   * Copies the elements of an integer tensor into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  default int[] toInts(int[] into) {
    Nulls.check(into, "toInts: into");
    return self().session().host().ints(self(), into);
  }

  /**
   * Copies the elements to where a buffer's position to limit are, which stay as they are. Waits
   * for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  default void copyTo(FloatBuffer into) {
    Nulls.check(into, "copyTo: into");
    self().session().host().copy(self(), into);
  }

  /**
   * Copies the elements to where a buffer's position to limit are, which stay as they are. Waits
   * for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  default void copyTo(DoubleBuffer into) {
    Nulls.check(into, "copyTo: into");
    self().session().host().copy(self(), into);
  }

  /**
   * Copies the elements of an integer tensor to where a buffer's position to limit are, which stay
   * as they are. Waits for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  default void copyTo(IntBuffer into) {
    Nulls.check(into, "copyTo: into");
    self().session().host().copy(self(), into);
  }

  /**
   * Copies the elements as they are, of {@link Tensor#dtype} and in native byte order. Waits for
   * the backend.
   *
   * @param into of the heap or native, of exactly the elements' bytes
   */
  default void copyTo(MemorySegment into) {
    Nulls.check(into, "copyTo: into");
    self().session().host().copy(self(), into);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
