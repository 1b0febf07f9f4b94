package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Operands of which an operation can be tried: of the same kind as a caller's, with arrays of their
 * own. Numbers are between 0 and 1 and indices 0, which fits everywhere. They may be of fewer
 * elements: what repeats is left out where it repeats often, so that the innermost loops are called
 * often in a short time, and their rests stay.
 */
final class TrialOperands {

  /** Elements of an operand that are enough. */
  private static final int ENOUGH = 1 << 13;

  /** Of records of operands, none of those of numbers: asking a class takes a while. */
  private static final ClassValue<Method[]> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          Method[] accessors =
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getAccessor)
                  .toArray(Method[]::new);
          boolean numbers =
              Arrays.stream(accessors).allMatch(one -> one.getReturnType().isPrimitive());
          return numbers ? new Method[0] : accessors;
        }
      };

  private TrialOperands() {}

  /** The arguments of an operation, with private operands. */
  static Object[] like(Object... arguments) {
    return Arrays.stream(arguments).map(TrialOperands::one).toArray();
  }

  /** A key of operations that are compiled alike: what they work on, but not where it lies. */
  static Object shape(Object argument) {
    if (argument instanceof Floats x) {
      return x.length();
    }
    if (argument instanceof Ints x) {
      return x.length();
    }
    if (argument instanceof Matrix x) {
      return List.of(x.rows(), x.cols(), x.rowStride(), x.colStride());
    }
    if (argument instanceof Strided x) {
      return shapeAndStrides(x);
    }
    if (argument instanceof Floats[] x) {
      return shapes(x);
    }
    if (argument instanceof Record x) {
      Object[] components = components(x);
      return components.length == 0 ? x : shapes(components);
    }
    if (argument instanceof Number x) {
      return x.doubleValue() == 0;
    }
    return argument instanceof Enum<?> ? argument : argument.getClass();
  }

  /** How many elements operands have. */
  static long elements(Object argument) {
    if (argument instanceof Floats x) {
      return x.length();
    }
    if (argument instanceof Ints x) {
      return x.length();
    }
    if (argument instanceof Matrix x) {
      return (long) x.rows() * x.cols();
    }
    if (argument instanceof Strided x) {
      long product = 1;
      for (int length : x.shape()) {
        product *= length;
      }
      return product;
    }
    if (argument instanceof Object[] x) {
      long sum = 0;
      for (Object one : x) {
        sum += elements(one);
      }
      return sum;
    }
    return argument instanceof Record x ? elements(components(x)) : 0;
  }

  private static List<Integer> shapeAndStrides(Strided x) {
    int axes = x.shape().length;
    Integer[] all = new Integer[2 * axes];
    for (int axis = 0; axis < axes; axis++) {
      all[axis] = x.shape()[axis];
      all[axes + axis] = x.strides()[axis];
    }
    return List.of(all);
  }

  /** The shapes of several operands. */
  static List<Object> shapes(Object... operands) {
    Object[] shapes = new Object[operands.length];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = shape(operands[i]);
    }
    return List.of(shapes);
  }

  private static Object one(Object argument) {
    if (argument instanceof Floats x) {
      return Floats.of(floats(x.length()));
    }
    if (argument instanceof Ints x) {
      return Ints.of(new int[x.length()]);
    }
    if (argument instanceof Matrix x) {
      int rows = Math.max(x.rows() - 1, 0) * x.rowStride();
      float[] array = floats(rows + Math.max(x.cols() - 1, 0) * x.colStride() + 1);
      return new Matrix(array, 0, x.rows(), x.cols(), x.rowStride(), x.colStride());
    }
    if (argument instanceof Strided x) {
      return strided(x);
    }
    if (argument instanceof Floats[] x) {
      return Arrays.stream(x).map(TrialOperands::one).toArray(Floats[]::new);
    }
    if (argument instanceof double[] x) {
      double[] scalars = new double[x.length];
      Arrays.fill(scalars, 0.75);
      return scalars;
    }
    if (argument instanceof float[] x) {
      return new float[x.length];
    }
    return argument instanceof Record x && elements(x) > 0 ? make(x) : argument;
  }

  private static Strided strided(Strided x) {
    int first = 0;
    int last = 0;
    for (int axis = 0; axis < x.shape().length; axis++) {
      int span = Math.max(x.shape()[axis] - 1, 0) * x.strides()[axis];
      first = Math.min(first, first + span);
      last = Math.max(last, last + span);
    }
    return new Strided(floats(last - first + 1), -first, x.shape(), x.strides());
  }

  /** Neither zeros nor such that a product of many would be none. */
  private static float[] floats(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 0.5f + (i & 15) * 0x1p-6f;
    }
    return x;
  }

  private static Object[] components(Record x) {
    Method[] accessors = ACCESSORS.get(x.getClass());
    Object[] parts = new Object[accessors.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        parts[i] = accessors[i].invoke(x);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return parts;
  }

  private static Record make(Record x) {
    Class<?>[] types =
        Arrays.stream(x.getClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return x.getClass().getDeclaredConstructor(types).newInstance(like(components(x)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The arguments with parts of the operands; themselves where these have few elements. */
  static Object[] fewer(String operation, Object... arguments) {
    return switch (operation) {
      case "gemm" -> product((Matrix) arguments[0], (Matrix) arguments[1], arguments);
      case "dense" -> product((Matrix) arguments[1], (Matrix) arguments[2], arguments);
      case "forward", "data", "filter" -> images((ConvolutionShape) arguments[0], arguments);
      case "logSoftmax", "logSoftmaxGrad", "denseGrad" -> rows(arguments);
      case "unary", "binary", "reduce" -> strided((Strided) arguments[1], arguments);
      case "copy" -> strided((Strided) arguments[0], arguments);
      case "of" -> vectors((Floats[]) arguments[3], arguments);
      default -> arguments;
    };
  }

  /** So many, or enough with the same rest. */
  private static int fewer(int n, int enough, int period) {
    return n <= enough + period ? n : enough + n % period;
  }

  private static Object[] product(Matrix a, Matrix b, Object... arguments) {
    // Rows of a that lie where they are make blocks of 14, those that are packed of 12; one such
    // block and one of what remains are called as often.
    int block = a.colStride() == 1 ? 14 : 12;
    int m = fewer(a.rows(), block, block);
    int n = fewer(b.cols(), 32, 32);
    int k = fewer(a.cols(), 16, 16);
    if (m == a.rows() && n == b.cols() && k == a.cols()) {
      return arguments;
    }
    return each(
        arguments,
        x -> {
          if (x instanceof Matrix c) {
            return c == a ? a.part(0, m, 0, k) : c == b ? b.part(0, k, 0, n) : c.part(0, m, 0, n);
          }
          return x instanceof Floats bias ? new Floats(bias.array(), bias.offset(), n) : x;
        });
  }

  private static Object[] images(ConvolutionShape s, Object... arguments) {
    if (s.batch() <= 2) {
      return arguments;
    }
    ConvolutionShape two =
        new ConvolutionShape(
            2,
            s.channels(),
            s.height(),
            s.width(),
            s.filters(),
            s.filterHeight(),
            s.filterWidth(),
            s.strideHeight(),
            s.strideWidth(),
            s.padHeight(),
            s.padWidth(),
            s.dilationHeight(),
            s.dilationWidth(),
            s.groups());
    int weights = s.filters() * (s.channels() / s.groups()) * s.filterHeight() * s.filterWidth();
    return each(
        arguments,
        x -> {
          if (x instanceof Floats all && all.length() != weights) {
            return new Floats(all.array(), all.offset(), all.length() / s.batch() * 2);
          }
          return x == s ? two : x;
        });
  }

  private static Object[] rows(Object... arguments) {
    Matrix out = (Matrix) arguments[arguments[0] instanceof Matrix ? 1 : 3];
    int rows = fewer(out.rows(), Math.max(64, ENOUGH / Math.max(1, out.cols())), 64);
    if (rows == out.rows()) {
      return arguments;
    }
    return each(arguments, x -> x instanceof Matrix m ? m.part(0, rows, 0, m.cols()) : x);
  }

  private static Object[] strided(Strided x, Object... arguments) {
    long others = elements(x);
    if (others <= 2 * ENOUGH) {
      return arguments;
    }
    int[] lengths = x.shape().clone();
    for (int axis = 0; axis < lengths.length && others > 0; axis++) {
      others /= lengths[axis];
      int enough = (int) Math.clamp(ENOUGH / Math.max(1, others), 1, ENOUGH);
      lengths[axis] = fewer(lengths[axis], enough, 64);
      others *= lengths[axis];
    }
    return each(arguments, operand -> operand instanceof Strided o ? cut(o, x, lengths) : operand);
  }

  /** Along an axis that is summed, an output has one element. */
  private static Strided cut(Strided operand, Strided x, int... lengths) {
    int[] shape = operand.shape().clone();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = shape[axis] == x.shape()[axis] ? lengths[axis] : shape[axis];
    }
    return new Strided(operand.array(), operand.offset(), shape, operand.strides());
  }

  private static Object[] vectors(Floats[] vectors, Object... arguments) {
    int n = vectors[0].length();
    int some = fewer(n, ENOUGH, 64);
    if (n == some) {
      return arguments;
    }
    Object[] parts = arguments.clone();
    parts[3] =
        Arrays.stream(vectors)
            .map(v -> new Floats(v.array(), v.offset(), some))
            .toArray(Floats[]::new);
    return parts;
  }

  private static Object[] each(Object[] arguments, UnaryOperator<Object> part) {
    return Arrays.stream(arguments).map(part).toArray();
  }
}
