package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.View;

/** The elements of a contiguous view, counted from 0. */
record ContiguousElements(ReferenceStorage buffer, int offset) {

  static ContiguousElements of(View view) {
    return new ContiguousElements((ReferenceStorage) view.storage(), view.offset());
  }

  static ContiguousElements[] of(View[] views) {
    ContiguousElements[] result = new ContiguousElements[views.length];
    for (int i = 0; i < views.length; i++) {
      result[i] = of(views[i]);
    }
    return result;
  }

  double get(int i) {
    return buffer.get(offset + i);
  }

  /** An index. */
  int at(int i) {
    return (int) buffer.get(offset + i);
  }

  void set(int i, double value) {
    buffer.set(offset + i, value);
  }

  void setAll(double[] values) {
    for (int i = 0; i < values.length; i++) {
      set(i, values[i]);
    }
  }
}
