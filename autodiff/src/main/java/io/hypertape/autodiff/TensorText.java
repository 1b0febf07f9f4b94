package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;

/**
 * A tensor as text: type, shape and, of large ones abbreviated, values. Loggers and debuggers ask
 * for it at any time and from any thread, so it takes no storage from the session, and where values
 * cannot be read it does without them.
 */
final class TensorText {

  /** What is shown of up to so many elements: all. */
  private static final int FEW = 100;

  /** Of a longer axis so many elements at each end, if it is one of the last two. */
  private static final int INNER = 3;

  /** The same for axes further out. */
  private static final int OUTER = 1;

  /** However many axes there are: no more elements than that. */
  private static final int MOST = 200;

  private static final String GAP = "…";

  private final Backend backend;
  private final View view;
  private final DType type;
  private final boolean abbreviated;
  private int shown;

  private TensorText(Backend backend, View view) {
    this.backend = backend;
    this.view = view;
    this.type = view.storage().type();
    this.abbreviated = view.size() > FEW;
  }

  static String of(Tensor x) {
    String head = x.dtype() + Shapes.text(x.dims()) + (x.isTracked() ? " tracked" : "");
    if (!x.session().isOwner()) {
      return head;
    }
    if (x.scope().isClosed()) {
      return head + " closed";
    }
    try {
      return head + " " + new TensorText(x.session().backend(), x.view()).values();
    } catch (RecordingException e) {
      return head;
    } catch (RuntimeException e) {
      // It may be what an earlier operation left: whoever waits for the backend must hear of it.
      x.session().host().postpone(e);
      return head + " unreadable: " + e.getMessage();
    }
  }

  private String values() {
    return view.rank() == 0 ? line(view.offset(), 0, 0, 1)[0] : values(0, view.offset());
  }

  private String values(int axis, int offset) {
    int length = view.shape()[axis];
    int stride = view.strides()[axis];
    boolean last = axis == view.rank() - 1;
    int edge = axis >= view.rank() - 2 ? INNER : OUTER;
    boolean gap = abbreviated && length > 2 * edge;
    StringJoiner text = new StringJoiner(", ", "[", "]");
    add(text, axis, last, offset, stride, 0, gap ? edge : length);
    if (gap) {
      text.add(GAP);
      add(text, axis, last, offset, stride, length - edge, length);
    }
    return text.toString();
  }

  private void add(
      StringJoiner text, int axis, boolean last, int offset, int stride, int from, int to) {
    int i = from;
    if (last) {
      i = Math.min(to, from + MOST - shown);
      for (String value : line(offset, stride, from, i)) {
        text.add(value);
      }
      shown += i - from;
    } else {
      for (; i < to && shown < MOST; i++) {
        text.add(values(axis + 1, offset + i * stride));
      }
    }
    if (i < to) {
      text.add(GAP);
    }
  }

  /** Elements of the last axis. */
  private String[] line(int offset, int stride, int from, int to) {
    String[] values = new String[to - from];
    if (values.length == 0) {
      return values;
    }
    if (stride == 1) {
      read(offset + from, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        read(offset + (from + i) * stride, values, i, 1);
      }
    }
    return values;
  }

  private void read(int offset, String[] values, int at, int n) {
    View part = new View(view.storage(), offset, new int[] {n}, new int[] {1});
    switch (type) {
      case F32 -> {
        float[] numbers = new float[n];
        backend.read(part, MemorySegment.ofArray(numbers));
        for (int i = 0; i < n; i++) {
          values[at + i] = Float.toString(numbers[i]);
        }
      }
      case F64 -> {
        double[] numbers = new double[n];
        backend.read(part, MemorySegment.ofArray(numbers));
        for (int i = 0; i < n; i++) {
          values[at + i] = Double.toString(numbers[i]);
        }
      }
      case I32 -> {
        int[] numbers = new int[n];
        backend.read(part, MemorySegment.ofArray(numbers));
        for (int i = 0; i < n; i++) {
          values[at + i] = Integer.toString(numbers[i]);
        }
      }
    }
  }
}
