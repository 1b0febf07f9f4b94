package io.hypertape.models;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;

/**
 * How a layer's parameter starts. Equal seeds and streams give equal values, on every backend.
 * Fan-in and fan-out are the numbers of a unit's inputs and outputs.
 */
@FunctionalInterface
public interface Initializer {

  /**
   * Makes initial values.
   *
   * @param session whose tensor it shall be
   * @param shape of the parameter
   * @param seed of the whole model
   * @param stream tells the model's parameters apart
   * @param fanIn inputs of a unit
   * @param fanOut outputs of a unit
   * @return the values
   */
  Tensor create(Session session, int[] shape, long seed, long stream, int fanIn, int fanOut);

  /**
   * PyTorch's default for Linear, weights and biases alike: uniform on ±1/√fan-in (He et al.'s
   * uniform initialisation with a = √5).
   *
   * @return the initializer
   */
  static Initializer pytorchLinear() {
    return (session, shape, seed, stream, fanIn, fanOut) ->
        uniform(session, shape, seed, stream, 1 / Math.sqrt(Math.max(fanIn, 1)));
  }

  /**
   * Glorot and Bengio 2010, equation 16: uniform on ±√(6/(fan-in + fan-out)).
   *
   * @return the initializer
   */
  static Initializer glorotUniform() {
    return (session, shape, seed, stream, fanIn, fanOut) ->
        uniform(session, shape, seed, stream, Math.sqrt(6.0 / Math.max(fanIn + fanOut, 1)));
  }

  /**
   * He et al. 2015, equation 10: normal of deviation √(2/fan-in), for layers followed by relu.
   *
   * @return the initializer
   */
  static Initializer heNormal() {
    return (session, shape, seed, stream, fanIn, fanOut) ->
        session.normal(shape, seed, stream).mul(Math.sqrt(2.0 / Math.max(fanIn, 1)));
  }

  /**
   * Normal with mean 0 and deviation 1.
   *
   * @return the initializer
   */
  static Initializer standardNormal() {
    return (session, shape, seed, stream, fanIn, fanOut) -> session.normal(shape, seed, stream);
  }

  /**
   * All the same.
   *
   * @param value each element
   * @return the initializer
   */
  static Initializer constant(double value) {
    return (session, shape, seed, stream, fanIn, fanOut) -> session.full(shape, value);
  }

  private static Tensor uniform(
      Session session, int[] shape, long seed, long stream, double bound) {
    return session.uniform(shape, seed, stream).mul(2 * bound).sub(bound);
  }
}
