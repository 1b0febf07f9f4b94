package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.View;

/** Rows of a table by index. */
final class RowLoops {

  private RowLoops() {}

  static void gather(View table, View index, View out) {
    int columns = table.shape()[1];
    int[] rows = checked(index, table.shape()[0]);
    ContiguousElements from = ContiguousElements.of(table);
    ContiguousElements to = ContiguousElements.of(out);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        to.set(i * columns + j, from.get(rows[i] * columns + j));
      }
    }
  }

  static void scatter(View in, View index, View out) {
    int columns = out.shape()[1];
    int[] rows = checked(index, out.shape()[0]);
    ContiguousElements from = ContiguousElements.of(in);
    double[] sums = new double[out.size()];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        sums[rows[i] * columns + j] += from.get(i * columns + j);
      }
    }
    ContiguousElements.of(out).setAll(sums);
  }

  /** Indices of a vector, each from 0 to below the limit. */
  static int[] checked(View index, int limit) {
    ReferenceStorage buffer = (ReferenceStorage) index.storage();
    int[] result = new int[index.shape()[0]];
    for (int i = 0; i < result.length; i++) {
      result[i] = (int) buffer.get(index.offset() + i * index.strides()[0]);
      if (result[i] < 0 || result[i] >= limit) {
        throw new IndexOutOfBoundsException(
            "index[" + i + "] is " + result[i] + ", allowed are 0 to " + (limit - 1));
      }
    }
    return result;
  }
}
