package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/**
 * Copies between a session's tensors and the host's arrays, buffers and segments. Where the numbers
 * have the tensor's own type there is no copy between.
 */
final class HostCopies {

  private final Session session;
  private final Backend backend;
  private final MemorySegment single = MemorySegment.ofArray(new double[1]);
  // What a look at a tensor found before anybody who waits did; null for nothing.
  private RuntimeException postponed;

  HostCopies(Session session, Backend backend) {
    this.session = session;
    this.backend = backend;
  }

  /** Keeps a failure for the next one who waits for the backend. */
  void postpone(RuntimeException failure) {
    postponed = postponed == null ? failure : postponed;
  }

  /** Throws what was kept. */
  void raisePostponed() {
    if (postponed != null) {
      RuntimeException failure = postponed;
      postponed = null;
      throw failure;
    }
  }

  // To a tensor.

  void checkOverwrite(Tensor target, int values) {
    session.checkThread();
    target.checkUsable("overwrite");
    if (target.session() != session) {
      throw new IllegalArgumentException(
          "overwrite: a tensor of shape "
              + Shapes.text(target.dims())
              + " belongs to another session");
    }
    if (target.size() != values || !target.isWhole()) {
      throw new IllegalArgumentException(
          "overwrite: " + values + " values do not fill shape " + Shapes.text(target.dims()));
    }
  }

  void write(Tensor tensor, float[] values) {
    if (tensor.dtype() == DType.F32) {
      write(tensor, MemorySegment.ofArray(values));
      return;
    }
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    write(tensor, MemorySegment.ofArray(wide));
  }

  void write(Tensor tensor, double[] values) {
    if (tensor.dtype() == DType.F64) {
      write(tensor, MemorySegment.ofArray(values));
      return;
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    write(tensor, MemorySegment.ofArray(narrow));
  }

  void write(Tensor tensor, int[] values) {
    write(tensor, MemorySegment.ofArray(values));
  }

  void write(Tensor tensor, FloatBuffer values) {
    if (tensor.dtype() == DType.F32 && HostMemory.isNative(values.order())) {
      write(tensor, MemorySegment.ofBuffer(values));
      return;
    }
    float[] copy = new float[values.remaining()];
    values.get(values.position(), copy);
    write(tensor, copy);
  }

  void write(Tensor tensor, DoubleBuffer values) {
    if (tensor.dtype() == DType.F64 && HostMemory.isNative(values.order())) {
      write(tensor, MemorySegment.ofBuffer(values));
      return;
    }
    double[] copy = new double[values.remaining()];
    values.get(values.position(), copy);
    write(tensor, copy);
  }

  void write(Tensor tensor, IntBuffer values) {
    if (HostMemory.isNative(values.order())) {
      write(tensor, MemorySegment.ofBuffer(values));
      return;
    }
    int[] copy = new int[values.remaining()];
    values.get(values.position(), copy);
    write(tensor, copy);
  }

  /** Elements of the tensor's type, in native byte order. */
  void write(Tensor tensor, MemorySegment values) {
    backend.write(values, tensor.view().storage());
  }

  // From a tensor.

  /** The value of a tensor of one element, through memory that is always there. */
  double item(Tensor tensor) {
    session.checkThread();
    if (tensor.dtype() == DType.I32) {
      return ints(tensor, new int[1])[0];
    }
    raisePostponed();
    backend.read(tensor.view(), single);
    return tensor.dtype() == DType.F32
        ? single.get(ValueLayout.JAVA_FLOAT, 0)
        : single.get(ValueLayout.JAVA_DOUBLE, 0);
  }

  /** The values of tensors of one element each. */
  double[] items(List<Tensor> scalars) {
    try (Scope unused = session.scratch()) {
      Tensor all = session.allocate(scalars.size());
      View whole = all.view();
      for (int i = 0; i < scalars.size(); i++) {
        Tensor scalar = scalars.get(i);
        scalar.checkUsable("items");
        backend.copy(
            scalar.view(), new View(whole.storage(), i, scalar.dims(), scalar.view().strides()));
      }
      return all.toDoubles();
    }
  }

  float[] floats(Tensor tensor, float[] into) {
    HostMemory.checkRoom("toFloats", tensor, into.length);
    if (tensor.dtype() == DType.F32) {
      read(tensor, MemorySegment.ofArray(into));
      return into;
    }
    double[] wide = doubles(tensor, new double[into.length]);
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) wide[i];
    }
    return into;
  }

  double[] doubles(Tensor tensor, double[] into) {
    HostMemory.checkRoom("toDoubles", tensor, into.length);
    switch (tensor.dtype()) {
      case F64 -> read(tensor, MemorySegment.ofArray(into));
      case F32 -> {
        float[] narrow = floats(tensor, new float[into.length]);
        for (int i = 0; i < into.length; i++) {
          into[i] = narrow[i];
        }
      }
      case I32 -> {
        int[] whole = ints(tensor, new int[into.length]);
        for (int i = 0; i < into.length; i++) {
          into[i] = whole[i];
        }
      }
    }
    return into;
  }

  int[] ints(Tensor tensor, int[] into) {
    checkIntegers("toInts", tensor);
    HostMemory.checkRoom("toInts", tensor, into.length);
    read(tensor, MemorySegment.ofArray(into));
    return into;
  }

  private static void checkIntegers(String op, Tensor tensor) {
    if (tensor.dtype() != DType.I32) {
      throw new IllegalArgumentException(op + ": the tensor is " + tensor.dtype() + ", not I32");
    }
  }

  void copy(Tensor tensor, FloatBuffer into) {
    HostMemory.checkRoom(tensor, into);
    if (tensor.dtype() == DType.F32 && HostMemory.isNative(into.order())) {
      read(tensor, MemorySegment.ofBuffer(into));
    } else {
      into.put(into.position(), floats(tensor, new float[tensor.size()]));
    }
  }

  void copy(Tensor tensor, DoubleBuffer into) {
    HostMemory.checkRoom(tensor, into);
    if (tensor.dtype() == DType.F64 && HostMemory.isNative(into.order())) {
      read(tensor, MemorySegment.ofBuffer(into));
    } else {
      into.put(into.position(), doubles(tensor, new double[tensor.size()]));
    }
  }

  void copy(Tensor tensor, IntBuffer into) {
    checkIntegers("copyTo", tensor);
    HostMemory.checkRoom(tensor, into);
    if (HostMemory.isNative(into.order())) {
      read(tensor, MemorySegment.ofBuffer(into));
    } else {
      into.put(into.position(), ints(tensor, new int[tensor.size()]));
    }
  }

  void copy(Tensor tensor, MemorySegment into) {
    HostMemory.checkRoom(tensor, into);
    read(tensor, into);
  }

  private void read(Tensor tensor, MemorySegment target) {
    session.checkThread();
    tensor.checkUsable("read");
    raisePostponed();
    if (tensor.view().isContiguous()) {
      backend.read(tensor.view(), target);
      return;
    }
    try (Scope unused = session.scratch()) {
      backend.read(tensor.denseView(), target);
    }
  }
}
