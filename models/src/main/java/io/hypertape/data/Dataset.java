package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import java.util.List;

/**
 * Examples of one shape, each with what is to be foretold of it: what a model learns from and is
 * judged by. {@link Examples} keeps them in memory, {@link LabeledImages} as bytes, and a table
 * gives its rows; a set of another kind implements this. It is read from several threads, and its
 * values do not change.
 */
public interface Dataset {

  /**
   * Name of the set and its part.
   *
   * @return such as {@code mnist train}
   */
  String name();

  /**
   * Number of examples.
   *
   * @return 0 or more
   */
  int size();

  /**
   * Lengths of an example's axes.
   *
   * @return such as [12], [3, 32, 32] or, of a sequence, [steps, channels]
   */
  List<Integer> shape();

  /**
   * What is to be foretold.
   *
   * @return classes, labels or numbers
   */
  Targets targets();

  /**
   * Copies an example's values.
   *
   * @param example its number, from 0
   * @param into receives them, row-major
   * @param at the place of the first
   */
  void copyInput(int example, float[] into, int at);

  /**
   * The class of an example.
   *
   * @param example its number, from 0
   * @return from 0 to the number of classes − 1
   * @throws UnsupportedOperationException unless {@link #targets} are {@link Targets.Classes}
   */
  default int label(int example) {
    throw new UnsupportedOperationException(name() + " has " + targets().text() + ", no classes");
  }

  /**
   * Copies an example's labels, 1 for one that holds and 0 for one that does not, or its
   * standardized numbers.
   *
   * @param example its number, from 0
   * @param into receives as many as {@link Targets#outputs} says
   * @param at the place of the first
   * @throws UnsupportedOperationException if {@link #targets} are {@link Targets.Classes}
   */
  default void copyTarget(int example, float[] into, int at) {
    Nulls.check(into, "copyTarget: into");
    throw new UnsupportedOperationException(name() + " has classes, which label(example) tells");
  }

  /**
   * Whether examples count more or less.
   *
   * @return false if all have the weight 1
   */
  default boolean isWeighted() {
    return false;
  }

  /**
   * How much an example counts.
   *
   * @param example its number, from 0
   * @return 0 or more
   */
  default float weight(int example) {
    Places.check(name() + ": example", example, size());
    return 1;
  }

  /**
   * What tells an example from all others, wherever it lies: by it examples go to shards ({@link
   * ShardPlan}), of which several workers may have a part each.
   *
   * @param example its number, from 0
   * @return its number, unless an implementation says otherwise
   */
  default long id(int example) {
    return Places.check(name() + ": example", example, size());
  }

  /**
   * Values of an example.
   *
   * @return the product of {@link #shape}
   */
  default int features() {
    long product = 1;
    for (int length : Nulls.checkAll(shape(), "data.shape()")) {
      product *= length;
      if (product != (int) product) {
        throw new IllegalArgumentException(
            name() + ": an example of " + shape() + " has too many values; 2147483647 would fit");
      }
    }
    return (int) product;
  }

  /**
   * Looks at what a set says of itself, before it is used: of a set of somebody's own it may be
   * nonsense.
   *
   * @param data the set
   * @param what it is called where it is handed over, such as {@code data.train()}
   * @return the set
   * @throws NullPointerException if it is null, or its name, shape or targets are
   * @throws IllegalArgumentException if its size is negative, or an example has axes of no length
   */
  static Dataset checked(Dataset data, String what) {
    Nulls.check(what, "checked: what");
    Nulls.check(data, what + ": data");
    String name = Nulls.check(data.name(), what + ".name()");
    Nulls.check(data.targets(), what + ".targets()");
    if (data.size() < 0) {
      throw new IllegalArgumentException(
          name + ": size() is " + data.size() + "; 0 or more would fit");
    }
    for (int length : Nulls.checkAll(data.shape(), what + ".shape()")) {
      if (length < 1) {
        throw new IllegalArgumentException(
            name
                + ": an example's axes are "
                + data.shape()
                + "; lengths of at least 1 are needed");
      }
    }
    return data;
  }
}
