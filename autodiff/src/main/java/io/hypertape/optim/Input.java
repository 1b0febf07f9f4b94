package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;

/** What a {@link TrainingStep} takes from the host: values, and the shape that they come in. */
public abstract sealed class Input {

  private Input() {}

  /**
   * Floating-point values.
   *
   * @param values in row-major order; read before {@link TrainingStep#run} returns
   * @param shape their shape
   * @return the input
   */
  public static Input floats(float[] values, int... shape) {
    return new Floats(values, shape);
  }

  /**
   * Floating-point values, rounded if the session's type is float32.
   *
   * @param values in row-major order; read before {@link TrainingStep#run} returns
   * @param shape their shape
   * @return the input
   */
  public static Input doubles(double[] values, int... shape) {
    return new Doubles(values, shape);
  }

  /**
   * A number that changes from step to step, such as a factor of a part of the loss. In the loss
   * function it is a tensor: a Java value would be recorded as it was once.
   *
   * @param value the number, rounded if the session's type is float32
   * @return an input of shape []
   */
  public static Input scalar(double value) {
    return new Doubles(new double[] {value}, new int[0]);
  }

  /**
   * Integers, such as class labels.
   *
   * @param values the integers; read before {@link TrainingStep#run} returns
   * @return an input of shape [values.length]
   */
  public static Input indices(int... values) {
    return new Indices(values);
  }

  /** Makes a tensor of it in the current scope. */
  abstract Tensor create(Session session);

  /** Overwrites a tensor that was made of an input like this. */
  abstract void overwrite(Session session, Tensor tensor);

  /** The shape of floating-point values; null for integers. */
  abstract int[] shape();

  /** How many values there are. */
  abstract int size();

  /** Whether {@link #overwrite} would fit a tensor made of another input. */
  final boolean isLike(Input other) {
    return size() == other.size() && Arrays.equals(shape(), other.shape());
  }

  private static final class Floats extends Input {
    private final float[] values;
    private final int[] shape;

    Floats(float[] values, int[] shape) {
      this.values = values;
      this.shape = shape.clone();
    }

    @Override
    Tensor create(Session session) {
      return session.tensor(values, shape);
    }

    @Override
    void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    int[] shape() {
      return shape;
    }

    @Override
    int size() {
      return values.length;
    }
  }

  private static final class Doubles extends Input {
    private final double[] values;
    private final int[] shape;

    Doubles(double[] values, int[] shape) {
      this.values = values;
      this.shape = shape.clone();
    }

    @Override
    Tensor create(Session session) {
      return session.tensor(values, shape);
    }

    @Override
    void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    int[] shape() {
      return shape;
    }

    @Override
    int size() {
      return values.length;
    }
  }

  private static final class Indices extends Input {
    private final int[] values;

    Indices(int[] values) {
      this.values = values;
    }

    @Override
    Tensor create(Session session) {
      return session.indices(values);
    }

    @Override
    void overwrite(Session session, Tensor tensor) {
      session.overwrite(tensor, values);
    }

    @Override
    int[] shape() {
      return null;
    }

    @Override
    int size() {
      return values.length;
    }
  }
}
