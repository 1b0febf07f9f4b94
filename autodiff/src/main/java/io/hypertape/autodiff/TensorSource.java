package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.backend.Distribution;

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
    Tensor tensor = session().create(session().dtype(), values.length, shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Overwrites an input with new values of the same shape.
   *
   * @param target a tensor that {@link #tensor(float[], int...)} made
   * @param values as many as the tensor has elements, in row-major order
   */
  default void overwrite(Tensor target, float[] values) {
    session().host().checkOverwrite(target, values.length);
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Overwrites an input with new indices.
   *
   * @param target a tensor that {@link #indices} made
   * @param values as many as the tensor has elements
   */
  default void overwrite(Tensor target, int[] values) {
    session().host().checkOverwrite(target, values.length);
    if (target.dtype() != DType.I32) {
      throw new IllegalArgumentException(
          "overwrite: the tensor is " + target.dtype() + ", and indices are I32");
    }
    session().host().write(target, values);
  }

  /**
   * Copies values into a tensor, rounding them if the session's type is float32.
   *
   * @param values in row-major order
   * @param shape its shape; the number of elements must equal that of the values
   * @return the tensor
   */
  default Tensor tensor(double[] values, int... shape) {
    Tensor tensor = session().create(session().dtype(), values.length, shape);
    session().host().write(tensor, values);
    return tensor;
  }

  /**
   * Overwrites an input with new values of the same shape, rounding them if the session's type is
   * float32.
   *
   * @param target a tensor that {@link #tensor(double[], int...)} made
   * @param values as many as the tensor has elements, in row-major order
   */
  default void overwrite(Tensor target, double[] values) {
    session().host().checkOverwrite(target, values.length);
    target.requireFloating("overwrite");
    session().host().write(target, values);
  }

  /**
   * Copies integers, such as class labels, into a vector.
   *
   * @param values the integers
   * @return an I32 tensor of shape [values.length]
   */
  default Tensor indices(int... values) {
    Tensor tensor = session().create(DType.I32, values.length, values.length);
    session().host().write(tensor, values);
    return tensor;
  }

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
    Tensor tensor = session().create(session().dtype(), Shapes.size(Shapes.checked(shape)), shape);
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
    Tensor tensor = session().create(session().dtype(), Shapes.size(Shapes.checked(shape)), shape);
    session().backend().random(distribution, seed, stream, tensor.view());
    return tensor;
  }

  private Session session() {
    return (Session) this;
  }
}
