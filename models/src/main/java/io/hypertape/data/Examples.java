package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A set that is kept in memory, a float a value: rows, dense tensors, sequences. Immutable. */
public final class Examples implements Dataset {

  /** What becomes of sequences that are shorter than the set's shape says. */
  public enum Padding {
    /** They are refused. */
    NONE,
    /** Zeros come before them, so that a recurrent layer's last step is their own last one. */
    FRONT,
    /** Zeros come after them. */
    BACK
  }

  private static final int FIRST = 64;

  private final String name;
  private final List<Integer> shape;
  private final Targets targets;
  private final int size;
  private final float[] inputs;
  private final int[] labels;
  private final float[] numbers;
  private final float[] weights;

  private Examples(String name, List<Integer> shape, Targets targets, Room room) {
    this.name = name;
    this.shape = shape;
    this.targets = targets;
    this.size = room.size;
    this.inputs = room.inputs;
    this.labels = room.labels;
    this.numbers = room.numbers;
    this.weights = room.isWeighted ? room.weights : new float[0];
  }

  /**
   * A set of arrays.
   *
   * @param name of the set
   * @param shape lengths of an example's axes
   * @param classes the classes
   * @param inputs [examples, shape], copied
   * @param labels [examples], from 0; copied
   * @return the set
   * @throws IllegalArgumentException if the arrays do not fit together, or an input is NaN
   */
  public static Examples of(
      String name, List<Integer> shape, Targets.Classes classes, float[] inputs, int... labels) {
    Nulls.check(classes, "examples: classes");
    Nulls.check(inputs, "examples: inputs");
    Nulls.check(labels, "examples: labels");
    Room room = new Room(name, shape, classes, labels.length);
    room.checkLength("inputs", inputs.length, (long) labels.length * room.features);
    for (int i = 0; i < labels.length; i++) {
      room.add(Example.ofClass(labels[i], part(inputs, i, room.features)), Padding.NONE);
    }
    return room.examples();
  }

  /**
   * A set of arrays.
   *
   * @param name of the set
   * @param shape lengths of an example's axes
   * @param targets labels or numbers
   * @param inputs [examples, shape], copied
   * @param values [examples, outputs]: 1 and 0 for labels, or numbers, which are standardized;
   *     copied
   * @return the set
   * @throws IllegalArgumentException if the arrays do not fit together, or a value is NaN
   */
  public static Examples of(
      String name, List<Integer> shape, Targets targets, float[] inputs, float... values) {
    Nulls.check(inputs, "examples: inputs");
    Nulls.check(values, "examples: values");
    int outputs = Nulls.check(targets, "examples: targets").outputs();
    int size = values.length / outputs;
    Room room = new Room(name, shape, targets, size);
    room.checkLength("values", values.length, (long) size * outputs);
    room.checkLength("inputs", inputs.length, (long) size * room.features);
    for (int i = 0; i < size; i++) {
      float[] target = part(values, i, outputs);
      room.add(Example.ofNumbers(target, part(inputs, i, room.features)), Padding.NONE);
    }
    return room.examples();
  }

  /**
   * A set of what an iterator gives, all of it.
   *
   * @param name of the set
   * @param shape lengths of an example's axes
   * @param targets what is to be foretold
   * @param examples the examples
   * @param padding what becomes of sequences with fewer steps than the shape's first length
   * @return the set
   * @throws IllegalArgumentException if an example is no such one; tells its number
   */
  public static Examples of(
      String name,
      List<Integer> shape,
      Targets targets,
      Iterator<Example> examples,
      Padding padding) {
    Nulls.check(name, "examples: name");
    Nulls.check(shape, "examples: shape");
    Nulls.check(targets, "examples: targets");
    Nulls.check(examples, "examples: examples");
    Nulls.check(padding, "examples: padding");
    Room room = new Room(name, shape, targets, FIRST);
    while (examples.hasNext()) {
      room.add(Nulls.check(examples.next(), "examples: an example"), padding);
    }
    return room.examples();
  }

  /**
   * A set of what a stream gives, all of it, in its order.
   *
   * @param name of the set
   * @param shape lengths of an example's axes
   * @param targets what is to be foretold
   * @param examples the examples; closed at the end
   * @return the set
   * @throws IllegalArgumentException if an example is no such one; tells its number
   */
  public static Examples of(
      String name, List<Integer> shape, Targets targets, Stream<Example> examples) {
    Nulls.check(name, "examples: name");
    Nulls.check(shape, "examples: shape");
    Nulls.check(targets, "examples: targets");
    Nulls.check(examples, "examples: examples");
    try (Stream<Example> all = examples) {
      return of(name, shape, targets, all.iterator(), Padding.NONE);
    }
  }

  private static float[] part(float[] values, int number, int length) {
    return Arrays.copyOfRange(values, number * length, (number + 1) * length);
  }

  /** Where examples are gathered whose number need not be known. */
  private static final class Room {

    private final String name;
    private final List<Integer> shape;
    private final Targets targets;
    private final int features;
    private final int step;
    private int size;
    private float[] inputs;
    private int[] labels;
    private float[] numbers;
    private float[] weights;
    private boolean isWeighted;

    Room(String name, List<Integer> shape, Targets targets, int expected) {
      this.name = Nulls.check(name, "examples: name");
      this.shape = Nulls.copy(shape, "examples: shape");
      this.targets = Nulls.check(targets, "examples: targets");
      long product = 1;
      for (int length : this.shape) {
        product = length < 1 || product > Integer.MAX_VALUE ? -1 : product * length;
      }
      if (product < 1 || product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            name + ": an example's axes are " + shape + "; lengths of at least 1 are needed");
      }
      this.features = (int) product;
      this.step = features / (shape.isEmpty() ? 1 : shape.getFirst());
      boolean classes = targets instanceof Targets.Classes;
      this.inputs = new float[room(expected, features)];
      this.labels = new int[classes ? expected : 0];
      this.numbers = new float[classes ? 0 : room(expected, targets.outputs())];
      this.weights = new float[expected];
    }

    private int room(long examples, int each) {
      if (examples * each > Integer.MAX_VALUE - FIRST) {
        throw new IllegalArgumentException(
            name
                + ": "
                + examples
                + " examples of "
                + each
                + " values do not fit into an array; a Dataset of your own may keep them elsewhere");
      }
      return (int) (examples * each);
    }

    void checkLength(String what, long length, long needed) {
      if (length != needed) {
        throw new IllegalArgumentException(
            name + ": " + length + " " + what + "; " + needed + " are needed");
      }
    }

    private IllegalArgumentException wrong(String what) {
      return new IllegalArgumentException(name + ": example " + size + ": " + what);
    }

    private void grow() {
      if (size == weights.length) {
        int more = Math.max(FIRST, size + size / 2);
        weights = Arrays.copyOf(weights, more);
        inputs = Arrays.copyOf(inputs, room(more, features));
        if (targets instanceof Targets.Classes) {
          labels = Arrays.copyOf(labels, more);
        } else {
          numbers = Arrays.copyOf(numbers, room(more, targets.outputs()));
        }
      }
    }

    void add(Example example, Padding padding) {
      grow();
      copyInput(example.input(), padding);
      if (targets instanceof Targets.Classes classes) {
        int label = example.label();
        if (label < 0 || label >= classes.count()) {
          throw wrong("class " + label + "; 0 to " + (classes.count() - 1) + " would fit");
        }
        labels[size] = label;
      } else {
        copyValues(example.target());
      }
      weights[size] = example.weight();
      isWeighted |= example.weight() != 1;
      size++;
    }

    private void copyInput(float[] input, Padding padding) {
      boolean fits =
          padding == Padding.NONE
              ? input.length == features
              : input.length <= features && input.length % step == 0;
      if (!fits) {
        throw wrong(
            input.length
                + " values; "
                + features
                + " are needed"
                + (padding == Padding.NONE ? "" : ", or fewer steps of " + step));
      }
      for (int i = 0; i < input.length; i++) {
        if (Float.isNaN(input[i])) {
          throw wrong("value " + i + " is NaN; numbers are needed");
        }
      }
      int before = padding == Padding.FRONT ? features - input.length : 0;
      System.arraycopy(input, 0, inputs, size * features + before, input.length);
    }

    private void copyValues(float... values) {
      if (values.length != targets.outputs()) {
        throw wrong(
            values.length
                + " values are to be foretold; "
                + targets.outputs()
                + " are needed, of "
                + targets.names());
      }
      for (int k = 0; k < values.length; k++) {
        boolean isLabel = targets instanceof Targets.Labels;
        if (!Float.isFinite(values[k]) || isLabel && (values[k] < 0 || values[k] > 1)) {
          throw wrong(
              targets.names().get(k)
                  + " is "
                  + values[k]
                  + (isLabel ? "; 0 or 1 is needed" : "; a finite number is needed"));
        }
        numbers[size * values.length + k] =
            targets instanceof Targets.Numbers n
                ? (float) n.standardization().apply(k, values[k])
                : values[k];
      }
    }

    Examples examples() {
      inputs = Arrays.copyOf(inputs, size * features);
      return new Examples(name, shape, targets, this);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public Targets targets() {
    return targets;
  }

  @Override
  public void copyInput(int example, float[] into, int at) {
    Nulls.check(into, "copyInput: into");
    int features = features();
    Places.room(name + ": input", into.length, at, features);
    System.arraycopy(inputs, check(example) * features, into, at, features);
  }

  @Override
  public int label(int example) {
    return targets instanceof Targets.Classes
        ? labels[check(example)]
        : Dataset.super.label(example);
  }

  @Override
  public void copyTarget(int example, float[] into, int at) {
    Nulls.check(into, "copyTarget: into");
    if (targets instanceof Targets.Classes) {
      Dataset.super.copyTarget(example, into, at);
    }
    int outputs = targets.outputs();
    Places.room(name + ": target", into.length, at, outputs);
    System.arraycopy(numbers, check(example) * outputs, into, at, outputs);
  }

  private int check(int example) {
    return Places.check(name + ": example", example, size);
  }

  @Override
  public boolean isWeighted() {
    return weights.length > 0;
  }

  @Override
  public float weight(int example) {
    check(example);
    return weights.length > 0 ? weights[example] : 1;
  }

  @Override
  public String toString() {
    return name + ": " + size + " examples of " + shape + ", " + targets.text();
  }
}
