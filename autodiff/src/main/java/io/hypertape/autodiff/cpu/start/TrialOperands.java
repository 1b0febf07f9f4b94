package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.convolution.ConvolutionShape;
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

  /** Elements of the widest vector; what fills a whole number of them leaves no rest for others. */
  private static final int LANES = 16;

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

  /** Of elements one behind the other; of what array is told by a class. */
  private record Run(Class<?> type, int length) {}

  private record Rows(int rows, int cols, int rowStride, int colStride) {
    Rows part(int height, int width) {
      return new Rows(height, width, rowStride, colStride);
    }
  }

  private record Axes(List<Integer> lengths, List<Integer> strides) {}

  /** Of a record's components, or of several runs where there is no class. */
  private record Parts(Class<?> type, List<Object> parts) {}

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

  private static List<Integer> list(int[] x) {
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

  private static int[] ints(List<Integer> x) {
    return x.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The same with fewer elements, or this where there are few: what repeats is left out where it
   * repeats often, so that the innermost loops are called often in a short time, and their rests
   * stay.
   */
  TrialOperands fewer(KernelOp op) {
    return switch (op) {
      case GEMM -> product(0);
      case DENSE -> product(1);
      case CONVOLUTION, CONVOLUTION_DATA -> images(2);
      case CONVOLUTION_FILTER -> images(3);
      case LOG_SOFTMAX, LOG_SOFTMAX_GRAD, DENSE_GRAD -> rows();
      case UNARY, BINARY, REDUCE -> strided(1);
      case COPY -> strided(0);
      case UPDATE -> vectors();
      default -> this;
    };
  }

  /**
   * A few such operands that fill no whole number of vectors, or this where these do not either or
   * nothing is known of rests. C2 leaves out what has never been done: kernels that were compiled
   * without rests are compiled anew when the first one comes, and have no speed until then.
   */
  TrialOperands rests(KernelOp op) {
    return switch (op) {
      case GEMM -> productWithRest(0);
      case DENSE -> productWithRest(1);
      case UNARY, BINARY, REDUCE -> stridedWithRest(1);
      case COPY -> stridedWithRest(0);
      case UPDATE -> vectorsWithRest();
      default -> this;
    };
  }

  /** No more than so many, which is one of the widest vector at least, and no whole vectors. */
  private static int withRest(int n) {
    return Math.min(n, 4 * LANES) - 5;
  }

  /** So many, or enough with the same rest. */
  private static int fewer(int n, int enough, int period) {
    return n <= enough + period ? n : enough + n % period;
  }

  private TrialOperands with(Object... shapes) {
    List<Object> parts = List.of(shapes);
    return parts.equals(all) ? this : new TrialOperands(parts);
  }

  /** Of a·b, from an argument on; behind them are numbers, a bias and c. */
  private TrialOperands product(int first) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    // Rows of a that lie where they are make blocks of 14, those that are packed of 12; one such
    // block and one of what remains are called as often.
    int block = a.colStride == 1 ? 14 : 12;
    return product(
        first, fewer(a.rows, block, block), fewer(a.cols, 16, 16), fewer(b.cols, 32, 32));
  }

  private TrialOperands productWithRest(int first) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    return b.cols == 0 || b.cols % LANES > 0
        ? this
        : product(first, Math.min(a.rows, 5), Math.min(a.cols, LANES), withRest(b.cols));
  }

  /** An m x k matrix times a k x n one. */
  private TrialOperands product(int first, int m, int k, int n) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    Object[] parts = all.toArray();
    parts[first] = a.part(m, k);
    parts[first + 1] = b.part(k, n);
    for (int i = first + 2; i < parts.length; i++) {
      if (parts[i] instanceof Rows c) {
        parts[i] = c.part(m, n);
      } else if (parts[i] instanceof Run) {
        parts[i] = new Run(Floats.class, n);
      }
    }
    return with(parts);
  }

  /** Two images; weights, an argument, stay. */
  private TrialOperands images(int weights) {
    ConvolutionShape s = (ConvolutionShape) all.getFirst();
    if (s.batch() <= 2) {
      return this;
    }
    Object[] parts = all.toArray();
    parts[0] =
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
    for (int i = 1; i < parts.length; i++) {
      if (i != weights) {
        parts[i] = new Run(Floats.class, ((Run) parts[i]).length / s.batch() * 2);
      }
    }
    return with(parts);
  }

  private TrialOperands rows() {
    Object[] parts = all.toArray();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] instanceof Rows x) {
        int rows = fewer(x.rows, Math.max(64, ENOUGH / Math.max(1, x.cols)), 64);
        parts[i] = x.part(rows, x.cols);
      }
    }
    return with(parts);
  }

  /** As the operand at a place is cut; along an axis that is summed, an output has one element. */
  private TrialOperands strided(int place) {
    List<Integer> lengths = ((Axes) all.get(place)).lengths;
    long others = 1;
    for (int length : lengths) {
      others *= length;
    }
    if (others <= 2 * ENOUGH) {
      return this;
    }
    int[] cut = ints(lengths);
    for (int axis = 0; axis < cut.length; axis++) {
      others /= cut[axis];
      int enough = (int) Math.clamp(ENOUGH / Math.max(1, others), 1, ENOUGH);
      cut[axis] = fewer(cut[axis], enough, 64);
      others *= cut[axis];
    }
    return strided(lengths, cut);
  }

  private TrialOperands stridedWithRest(int place) {
    List<Integer> lengths = ((Axes) all.get(place)).lengths;
    int[] cut = ints(lengths);
    int longest = 0;
    boolean whole = false;
    for (int axis = 0; axis < cut.length; axis++) {
      longest = cut[axis] > cut[longest] ? axis : longest;
      whole |= cut[axis] > 0 && cut[axis] % LANES == 0;
    }
    if (!whole || cut[longest] < LANES) {
      return this;
    }
    for (int axis = 0; axis < cut.length; axis++) {
      cut[axis] = axis == longest ? withRest(cut[axis]) : Math.min(cut[axis], 4);
    }
    return strided(lengths, cut);
  }

  /** With other lengths of axes, in all operands that have the former ones. */
  private TrialOperands strided(List<Integer> lengths, int[] cut) {
    Object[] parts = all.toArray();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] instanceof Axes x) {
        int[] own = ints(x.lengths);
        for (int axis = 0; axis < own.length; axis++) {
          own[axis] = own[axis] == lengths.get(axis) ? cut[axis] : own[axis];
        }
        parts[i] = new Axes(list(own), x.strides);
      }
    }
    return with(parts);
  }

  private TrialOperands vectors() {
    return vectors(fewer(length(), ENOUGH, 64));
  }

  private TrialOperands vectorsWithRest() {
    return length() < LANES || length() % LANES > 0 ? this : vectors(withRest(length()));
  }

  /** Of the vectors of an update. */
  private int length() {
    return ((Run) ((Parts) all.get(3)).parts.getFirst()).length;
  }

  private TrialOperands vectors(int n) {
    Object[] parts = all.toArray();
    Object[] vectors = ((Parts) parts[3]).parts.toArray();
    Arrays.fill(vectors, new Run(Floats.class, n));
    parts[3] = new Parts(Floats[].class, List.of(vectors));
    return with(parts);
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
