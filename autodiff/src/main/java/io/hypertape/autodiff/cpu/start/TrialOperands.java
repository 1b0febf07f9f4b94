package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * The operands of an operation without what is in them: equal where operations are compiled alike,
 * and what others of the same kind can be made of, in arrays of their own. Numbers are between 0
 * and 1 there, and indices 0, which fits everywhere.
 *
 * @param all the shape of each operand; what is none stands for itself
 */
record TrialOperands(List<Object> all) {

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

  /** Of elements one behind the other; of what array is told by a class. */
  record Run(Class<?> type, int length) {}

  record Rows(int rows, int cols, int rowStride, int colStride) {
    Rows part(int height, int width) {
      return new Rows(height, width, rowStride, colStride);
    }
  }

  record Axes(List<Integer> lengths, List<Integer> strides) {}

  /** Of a record's components, or of several runs where there is no class. */
  record Parts(Class<?> type, List<Object> parts) {}

  /** A number: whether it is 0 makes a difference. */
  private record Amount(Number value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Amount amount && isZero() == amount.isZero();
    }

    @Override
    public int hashCode() {
      return isZero() ? 0 : 1;
    }

    private boolean isZero() {
      return value.doubleValue() == 0;
    }
  }

  /** The shapes of an operation's arguments. */
  static TrialOperands of(Object... arguments) {
    return new TrialOperands(shapes(arguments));
  }

  private static List<Object> shapes(Object... operands) {
    Object[] shapes = new Object[operands.length];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = shape(operands[i]);
    }
    return List.of(shapes);
  }

  private static Object shape(Object argument) {
    if (argument instanceof Floats x) {
      return new Run(Floats.class, x.length());
    }
    if (argument instanceof FixedFilters x) {
      return shape(x.values());
    }
    if (argument instanceof Ints x) {
      return new Run(Ints.class, x.length());
    }
    if (argument instanceof Matrix x) {
      return new Rows(x.rows(), x.cols(), x.rowStride(), x.colStride());
    }
    if (argument instanceof Strided x) {
      return new Axes(list(x.shape()), list(x.strides()));
    }
    if (argument instanceof Floats[] x) {
      return new Parts(Floats[].class, shapes((Object[]) x));
    }
    if (argument instanceof double[] x) {
      return new Run(double[].class, x.length);
    }
    if (argument instanceof float[] x) {
      return new Run(float[].class, x.length);
    }
    if (argument instanceof Number x) {
      return new Amount(x);
    }
    if (argument instanceof Record x) {
      Object[] components = components(x);
      return components.length == 0 ? x : new Parts(x.getClass(), shapes(components));
    }
    return argument;
  }

  static List<Integer> list(int[] x) {
    Integer[] boxed = new Integer[x.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = x[i];
    }
    return List.of(boxed);
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

  /** Elements of all arrays that {@link #make} would make. */
  long elements() {
    return elements(all);
  }

  private static long elements(List<Object> shapes) {
    long sum = 0;
    for (Object shape : shapes) {
      if (shape instanceof Run x) {
        sum += x.length;
      } else if (shape instanceof Rows x) {
        sum += last(x) - first(x) + 1;
      } else if (shape instanceof Axes x) {
        sum += last(x) - first(x) + 1;
      } else if (shape instanceof Parts x) {
        sum += elements(x.parts);
      }
    }
    return sum;
  }

  private static long first(Rows x) {
    return Math.min(0, span(x.rows, x.rowStride)) + Math.min(0, span(x.cols, x.colStride));
  }

  private static long last(Rows x) {
    return Math.max(0, span(x.rows, x.rowStride)) + Math.max(0, span(x.cols, x.colStride));
  }

  private static long first(Axes x) {
    long first = 0;
    for (int axis = 0; axis < x.lengths.size(); axis++) {
      first += Math.min(0, span(x.lengths.get(axis), x.strides.get(axis)));
    }
    return first;
  }

  private static long last(Axes x) {
    long last = 0;
    for (int axis = 0; axis < x.lengths.size(); axis++) {
      last += Math.max(0, span(x.lengths.get(axis), x.strides.get(axis)));
    }
    return last;
  }

  private static long span(int length, int stride) {
    return Math.max(length - 1L, 0) * stride;
  }

  /** Arguments of these shapes. */
  Object[] make() {
    return all.stream().map(TrialOperands::make).toArray();
  }

  private static Object make(Object shape) {
    if (shape instanceof Run x) {
      return x.type == Floats.class
          ? Floats.of(floats(x.length))
          : x.type == Ints.class
              ? Ints.of(new int[x.length])
              : x.type == float[].class ? new float[x.length] : scalars(x.length);
    }
    if (shape instanceof Rows x) {
      float[] array = floats(last(x) - first(x) + 1);
      return new Matrix(array, (int) -first(x), x.rows, x.cols, x.rowStride, x.colStride);
    }
    if (shape instanceof Axes x) {
      float[] array = floats(last(x) - first(x) + 1);
      return new Strided(array, (int) -first(x), ints(x.lengths), ints(x.strides));
    }
    if (shape instanceof Amount x) {
      return x.value;
    }
    return shape instanceof Parts x ? make(x) : shape;
  }

  private static Object make(Parts x) {
    Object[] parts = x.parts.stream().map(TrialOperands::make).toArray();
    if (x.type == Floats[].class) {
      return Arrays.copyOf(parts, parts.length, Floats[].class);
    }
    Class<?>[] types =
        Arrays.stream(x.type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return x.type.getDeclaredConstructor(types).newInstance(parts);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Neither zeros nor such that a product of many would be none. */
  private static float[] floats(long n) {
    float[] x = new float[Math.toIntExact(n)];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.5f + (i & 15) * 0x1p-6f;
    }
    return x;
  }

  private static double[] scalars(int n) {
    double[] scalars = new double[n];
    Arrays.fill(scalars, 0.75);
    return scalars;
  }

  static int[] ints(List<Integer> x) {
    return x.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The same with fewer elements, or this where there are few. */
  TrialOperands fewer(KernelOp op) {
    return new SmallerTrial(this).fewer(op);
  }

  /** A few such operands that fill no whole vectors, or this. */
  TrialOperands rests(KernelOp op) {
    return new SmallerTrial(this).rests(op);
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
