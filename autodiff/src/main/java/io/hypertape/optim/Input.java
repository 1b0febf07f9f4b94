package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;

/** What a {@link TrainingStep} takes from the host: values, and the shape that they come in. */
public sealed interface Input {

  /**
   * Floating-point values.
   *
   * @param values in row-major order; read before {@link TrainingStep#run} returns, not kept
   * @param shape their shape
   * @return the input
   */
  static Input floats(float[] values, int... shape) {
    return new Floats(values, shape);
  }

  /**
   * Floating-point values, rounded if the session's type is float32.
   *
   * @param values in row-major order; read before {@link TrainingStep#run} returns, not kept
   * @param shape their shape
   * @return the input
   */
  static Input doubles(double[] values, int... shape) {
    return new Doubles(values, shape);
  }

  /**
   * Integers, such as class labels.
   *
   * @param values the integers; read before {@link TrainingStep#run} returns, not kept
   * @return an input of shape [values.length]
   */
  static Input indices(int... values) {
    return new Indices(values);
  }

  /** Makes a tensor of it in the current scope. */
  Tensor create(Session session);

  /** Overwrites a tensor that {@link #create} made of an input of the same form. */
  void overwrite(Session session, Tensor tensor);

  /** Whether {@link #overwrite} would fit a tensor made of another input. */
  boolean isLike(Input other);

  /** Floating-point values. */
  record Floats(float[] values, int[] shape) implements Input {
    @Override
    public Tensor create(Session session) {
      return session.tensor(values, shape);
    }

    @Override
    public void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    public boolean isLike(Input other) {
      return switch (other) {
        case Floats floats -> Arrays.equals(shape, floats.shape);
        case Doubles doubles -> Arrays.equals(shape, doubles.shape);
        case Indices unused -> false;
      };
    }
  }

  /** Floating-point values of double precision. */
  record Doubles(double[] values, int[] shape) implements Input {
    @Override
    public Tensor create(Session session) {
      return session.tensor(values, shape);
    }

    @Override
    public void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    public boolean isLike(Input other) {
      return switch (other) {
        case Floats floats -> Arrays.equals(shape, floats.shape);
        case Doubles doubles -> Arrays.equals(shape, doubles.shape);
        case Indices unused -> false;
      };
    }
  }

  /** Integers. */
  record Indices(int[] values) implements Input {
    @Override
    public Tensor create(Session session) {
      return session.indices(values);
    }

    @Override
    public void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    public boolean isLike(Input other) {
      return other instanceof Indices indices && values.length == indices.values.length;
    }
  }
}
