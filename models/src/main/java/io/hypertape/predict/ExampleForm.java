package io.hypertape.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What goes into a prediction and what comes out, and in which batches.
 *
 * @param input lengths of an example's axes
 * @param inputs numbers of an example
 * @param outputs numbers of its result
 * @param batches how many examples can be computed at once, ascending, the first 1
 */
record ExampleForm(List<Integer> input, int inputs, int outputs, int[] batches) {

  /** Numbers of an example of a shape. */
  static int size(List<Integer> shape) {
    long size = 1;
    for (int length : shape) {
      size *= length;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "predictor: examples of shape "
                + shape
                + " have more numbers than an array holds, "
                + Integer.MAX_VALUE);
      }
    }
    return (int) size;
  }

  /** Powers of two up to the largest batch, and that. */
  static int[] batches(int largest) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size < largest; size *= 2) {
      sizes.add(size);
    }
    sizes.add(largest);
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The shape of a batch. */
  int[] shape(int batch) {
    int[] shape = new int[input.size() + 1];
    shape[0] = batch;
    Arrays.setAll(shape, axis -> axis == 0 ? batch : input.get(axis - 1));
    return shape;
  }

  /**
   * The index of the batch to begin with where so many examples are left: the largest that they
   * fill, or the next one, if they nearly do.
   */
  int batchFor(int left) {
    int which = 0;
    while (which + 1 < batches.length && batches[which + 1] <= left) {
      which++;
    }
    boolean isLast = which + 1 == batches.length;
    return !isLast && 4 * left > 3 * batches[which + 1] ? which + 1 : which;
  }
}
