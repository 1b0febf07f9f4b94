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
   * @param seed of the whole model
   * @param stream tells the model's parameters apart
   * @param fanIn inputs of a unit
   * @param fanOut outputs of a unit
   * @param shape of the parameter
   * @return the values
   */
  Tensor create(Session session, long seed, long stream, int fanIn, int fanOut, int... shape);

  /**
   * PyTorch's default for Linear, weights and biases alike: uniform on ±1/√fan-in (He et al.'s
   * uniform initialisation with a = √5).
   *
   * @return the initializer
   */
  static Initializer pytorchLinear() {
    return (session, seed, stream, fanIn, fanOut, shape) ->
        uniform(session, seed, stream, 1 / Math.sqrt(Math.max(fanIn, 1)), shape);
  }

  /**
   * Glorot and Bengio 2010, equation 16: uniform on ±√(6/(fan-in + fan-out)).
   *
   * @return the initializer
   */
  static Initializer glorotUniform() {
    return (session, seed, stream, fanIn, fanOut, shape) ->
        uniform(session, seed, stream, Math.sqrt(6.0 / Math.max(fanIn + fanOut, 1)), shape);
  }

  /**
   * He et al. 2015, equation 10: normal of deviation √(2/fan-in), for layers followed by relu.
   *
   * @return the initializer
   */
  static Initializer heNormal() {
    return (session, seed, stream, fanIn, fanOut, shape) ->
        session.normal(seed, stream, shape).mul(Math.sqrt(2.0 / Math.max(fanIn, 1)));
  }

  /**
   * Normal with mean 0 and deviation 1.
   *
   * @return the initializer
   */
  static Initializer standardNormal() {
    return (session, seed, stream, fanIn, fanOut, shape) -> session.normal(seed, stream, shape);
  }

  /**
   * All the same.
   *
   * @param value each element
   * @return the initializer
   */
  static Initializer constant(double value) {
    return (session, seed, stream, fanIn, fanOut, shape) -> session.full(value, shape);
  }

  private static Tensor uniform(
      Session session, long seed, long stream, double bound, int... shape) {
    return session.uniform(seed, stream, shape).mul(2 * bound).sub(bound);
  }
}
