package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

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
    Nulls.check(values, "floats: values");
    Nulls.check(shape, "floats: shape");
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
    Nulls.check(values, "doubles: values");
    Nulls.check(shape, "doubles: shape");
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
    Nulls.check(values, "indices: values");
    return new Indices(values);
  }

  /**
   * Floating-point values.
   *
   * @param values from the buffer's present position to its present limit, in row-major order; read
   *     before {@link TrainingStep#run} returns
   * @param shape their shape
   * @return the input
   */
  public static Input floats(FloatBuffer values, int... shape) {
    Nulls.check(values, "floats: values");
    Nulls.check(shape, "floats: shape");
    FloatBuffer own = values.duplicate();
    return new Held(
        own.remaining(),
        shape.clone(),
        (session, lengths) -> session.tensor(own, lengths),
        (session, tensor) -> session.overwrite(tensor, own));
  }

  /**
   * Floating-point values, rounded if the session's type is float32.
   *
   * @param values from the buffer's present position to its present limit, in row-major order; read
   *     before {@link TrainingStep#run} returns
   * @param shape their shape
   * @return the input
   */
  public static Input doubles(DoubleBuffer values, int... shape) {
    Nulls.check(values, "doubles: values");
    Nulls.check(shape, "doubles: shape");
    DoubleBuffer own = values.duplicate();
    return new Held(
        own.remaining(),
        shape.clone(),
        (session, lengths) -> session.tensor(own, lengths),
        (session, tensor) -> session.overwrite(tensor, own));
  }

  /**
   * Floating-point values as they are.
   *
   * @param values of the session's type, in native byte order and row-major; read before {@link
   *     TrainingStep#run} returns
   * @param shape their shape
   * @return the input
   * @throws IllegalArgumentException if a length is negative, or they are too many elements
   *     together
   */
  public static Input segment(MemorySegment values, int... shape) {
    Nulls.check(values, "segment: values");
    Nulls.check(shape, "segment: shape");
    long size = 1;
    for (int length : shape) {
      size *= length;
      if (length < 0 || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "segment: shape "
                + Arrays.toString(shape)
                + "; lengths of 0 and more, of at most "
                + Integer.MAX_VALUE
                + " elements together, would fit");
      }
    }
    return new Held(
        (int) size,
        shape.clone(),
        (session, lengths) -> session.tensor(values, lengths),
        (session, tensor) -> session.overwrite(tensor, values));
  }

  /**
   * Integers, such as class labels.
   *
   * @param values from the buffer's present position to its present limit; read before {@link
   *     TrainingStep#run} returns
   * @return an input of shape [number of values]
   */
  public static Input indices(IntBuffer values) {
    Nulls.check(values, "indices: values");
    IntBuffer own = values.duplicate();
    return new Held(
        own.remaining(),
        null,
        (session, unused) -> session.indices(own),
        (session, tensor) -> session.overwrite(tensor, own));
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

  @Override
  public String toString() {
    return (shape() == null ? "integers [" + size() + "]" : "values " + Arrays.toString(shape()));
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

  /** Values that the host holds elsewhere than in an array. */
  private static final class Held extends Input {
    private final int size;
    // Null for integers.
    private final int[] shape;
    private final BiFunction<Session, int[], Tensor> creation;
    private final BiConsumer<Session, Tensor> overwriting;

    Held(
        int size,
        int[] shape,
        BiFunction<Session, int[], Tensor> creation,
        BiConsumer<Session, Tensor> overwriting) {
      this.size = size;
      this.shape = shape;
      this.creation = creation;
      this.overwriting = overwriting;
    }

    @Override
    Tensor create(Session session) {
      return creation.apply(session, shape);
    }

    @Override
    void overwrite(Session session, Tensor tensor) {
      overwriting.accept(session, tensor);
    }

    @Override
    int[] shape() {
      return shape;
    }

    @Override
    int size() {
      return size;
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
