package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Where tensors come from that are not computed: the host's values, constants, random numbers. They
 * live in the current scope. The only implementation is {@link Session}.
 */
public sealed interface TensorSource permits Session {

  /**
   * Copies values into a tensor.
   *
   * @param values in row-major order
   * @param shape its shape; the number of elements must equal that of the values
   * @return the tensor
   */
  default Tensor tensor(float[] values, int... shape) {
    Nulls.check(values, "tensor: values");
    Tensor tensor = session().scopes().create(session().dtype(), values.length, shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies values into a tensor, rounding them if the session's type is float32.
   *
   * @param values in row-major order
   * @param shape its shape; the number of elements must equal that of the values
   * @return the tensor
   */
  default Tensor tensor(double[] values, int... shape) {
    Nulls.check(values, "tensor: values");
    Tensor tensor = session().scopes().create(session().dtype(), values.length, shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies values into a tensor.
   *
   * @param values from the buffer's position to its limit, which stay as they are, in row-major
   *     order; direct or not, of any byte order
   * @param shape its shape; the number of elements must equal that of the values
   * @return the tensor
   */
  default Tensor tensor(FloatBuffer values, int... shape) {
    Nulls.check(values, "tensor: values");
    Tensor tensor = session().scopes().create(session().dtype(), values.remaining(), shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies values into a tensor, rounding them if the session's type is float32.
   *
   * @param values from the buffer's position to its limit, which stay as they are, in row-major
   *     order; direct or not, of any byte order
   * @param shape its shape; the number of elements must equal that of the values
   * @return the tensor
   */
  default Tensor tensor(DoubleBuffer values, int... shape) {
    Nulls.check(values, "tensor: values");
    Tensor tensor = session().scopes().create(session().dtype(), values.remaining(), shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies values as they are into a tensor.
   *
   * @param values of {@link Session#dtype}, in native byte order and row-major; of the heap or
   *     native
   * @param shape its shape; its elements' bytes must be those of the segment
   * @return the tensor
   */
  default Tensor tensor(MemorySegment values, int... shape) {
    Nulls.check(values, "tensor: values");
    DType type = session().dtype();
    Tensor tensor =
        session().scopes().create(type, HostMemory.elements("tensor", values, type), shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies integers, such as class labels, into a vector.
   *
   * @param values the integers
   * @return an I32 tensor of shape [values.length]
   */
  default Tensor indices(int... values) {
    Nulls.check(values, "indices: values");
    Tensor tensor = session().scopes().create(DType.I32, values.length, values.length);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies integers into a vector.
   *
   * @param values from the buffer's position to its limit, which stay as they are; direct or not,
   *     of any byte order
   * @return an I32 tensor with as many elements as the buffer has remaining
   */
  default Tensor indices(IntBuffer values) {
    Nulls.check(values, "indices: values");
    int n = values.remaining();
    Tensor tensor = session().scopes().create(DType.I32, n, n);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Copies integers as they are into a vector.
   *
   * @param values of 32 bits, in native byte order; of the heap or native
   * @return an I32 tensor of the segment's elements
   */
  default Tensor indices(MemorySegment values) {
    Nulls.check(values, "indices: values");
    int n = HostMemory.elements("indices", values, DType.I32);
    Tensor tensor = session().scopes().create(DType.I32, n, n);
    session().host().write(tensor, values);
    return tensor;
  }

  // New values in the same place.

  /**
   * Overwrites an input with new values of the same shape.
   *
   * @param target a tensor that {@link #tensor(float[], int...)} made
   * @param values as many as the tensor has elements, in row-major order
   */
  default void overwrite(Tensor target, float[] values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.length);
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new values of the same shape, rounding them if the session's type is
   * float32.
   *
   * @param target a tensor that {@link #tensor(double[], int...)} made
   * @param values as many as the tensor has elements, in row-major order
   */
  default void overwrite(Tensor target, double[] values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.length);
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new values of the same shape.
   *
   * @param target a tensor that {@link #tensor(FloatBuffer, int...)} made
   * @param values as many as the tensor has elements, from the buffer's position to its limit
   */
  default void overwrite(Tensor target, FloatBuffer values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.remaining());
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new values of the same shape, rounding them if the session's type is
   * float32.
   *
   * @param target a tensor that {@link #tensor(DoubleBuffer, int...)} made
   * @param values as many as the tensor has elements, from the buffer's position to its limit
   */
  default void overwrite(Tensor target, DoubleBuffer values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.remaining());
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Overwrites an input or indices with new ones, as they are.
   *
   * @param target a tensor that {@link #tensor(MemorySegment, int...)} or {@link
   *     #indices(MemorySegment)} made
   * @param values of the tensor's type, as many as it has elements, in native byte order
   */
  default void overwrite(Tensor target, MemorySegment values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    int n = HostMemory.elements("overwrite", values, target.dtype());
    session().host().checkOverwrite(target, n);
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new indices.
   *
   * @param target a tensor that {@link #indices} made
   * @param values as many as the tensor has elements
   */
  default void overwrite(Tensor target, int[] values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.length);
    checkIndices(target);
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new indices.
   *
   * @param target a tensor that {@link #indices(IntBuffer)} made
   * @param values as many as the tensor has elements, from the buffer's position to its limit
   */
  default void overwrite(Tensor target, IntBuffer values) {
    Nulls.check(target, "overwrite: target");
    Nulls.check(values, "overwrite: values");
    session().host().checkOverwrite(target, values.remaining());
    checkIndices(target);
    session().host().write(target, values);
  }

  private static void checkIndices(Tensor target) {
    if (target.dtype() != DType.I32) {
      throw new IllegalArgumentException(
          "overwrite: the tensor is " + target.dtype() + ", and indices are I32");
    }
  }

  // Constants and random numbers.

  /**
   * A scalar.
   *
   * @param value its value
   * @return a tensor of shape []
   */
  default Tensor scalar(double value) {
    return full(new int[0], value);
  }

  /**
   * Zeros.
   *
   * @param shape the shape
   * @return the tensor
   */
  default Tensor zeros(int... shape) {
    return full(shape, 0);
  }

  /**
   * Ones.
   *
   * @param shape the shape
   * @return the tensor
   */
  default Tensor ones(int... shape) {
    return full(shape, 1);
  }

  /**
   * A tensor of equal elements. As everywhere where other numbers are given too, the shape comes
   * first and is an array, so that none of them can be taken for a length.
   *
   * @param shape its shape
   * @param value each element
   * @return the tensor
   */
  default Tensor full(int[] shape, double value) {
    Tensor tensor =
        session().scopes().create(session().dtype(), Shapes.size(Shapes.checked(shape)), shape);
    session().backend().fill(value, tensor.view());
    return tensor;
  }

  /**
   * Random numbers, uniform on [0, 1).
   *
   * @param shape the shape
   * @param seed equal seeds and streams give equal numbers, on every backend
   * @param stream tells sequences under one seed apart
   * @return the tensor
   */
  default Tensor uniform(int[] shape, long seed, long stream) {
    return random(Distribution.UNIFORM, shape, seed, stream);
  }

  /**
   * Random numbers, normal with mean 0 and deviation 1.
   *
   * @param shape the shape
   * @param seed equal seeds and streams give equal numbers, on every backend up to rounding
   * @param stream tells sequences under one seed apart
   * @return the tensor
   */
  default Tensor normal(int[] shape, long seed, long stream) {
    return random(Distribution.NORMAL, shape, seed, stream);
  }

  private Tensor random(Distribution distribution, int[] shape, long seed, long stream) {
    Tensor tensor =
        session().scopes().create(session().dtype(), Shapes.size(Shapes.checked(shape)), shape);
    session().backend().random(distribution, seed, stream, tensor.view());
    return tensor;
  }

  private Session session() {
    return (Session) this;
  }
}
