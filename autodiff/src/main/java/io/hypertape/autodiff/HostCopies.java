package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies between a session's tensors and the host's arrays, in the arrays' precision. */
final class HostCopies {

  private final Session session;
  private final Backend backend;
  private final MemorySegment single = MemorySegment.ofArray(new double[1]);

  HostCopies(Session session, Backend backend) {
    this.session = session;
    this.backend = backend;
  }

  void checkOverwrite(Tensor target, int values) {
    session.checkThread();
    target.checkUsable("overwrite");
    if (target.size() != values || target.size() != target.view().buffer().size()) {
      throw new IllegalArgumentException(
          "overwrite: " + values + " values do not fill shape " + Shapes.text(target.dims()));
    }
  }

  void write(Tensor tensor, float[] values) {
    if (session.dtype() == DType.F32) {
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
    if (session.dtype() == DType.F64) {
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

  private void write(Tensor tensor, MemorySegment values) {
    backend.write(values, tensor.view().buffer());
  }

  /** The value of a tensor of one element, through memory that is always there. */
  double item(Tensor tensor) {
    session.checkThread();
    if (tensor.dtype() == DType.I32) {
      return ints(tensor)[0];
    }
    backend.read(tensor.view(), single);
    return session.dtype() == DType.F32
        ? single.get(ValueLayout.JAVA_FLOAT, 0)
        : single.get(ValueLayout.JAVA_DOUBLE, 0);
  }

  float[] floats(Tensor tensor) {
    if (tensor.dtype() == DType.F32) {
      float[] result = new float[tensor.size()];
      read(tensor, MemorySegment.ofArray(result));
      return result;
    }
    double[] wide = doubles(tensor);
    float[] result = new float[wide.length];
    for (int i = 0; i < wide.length; i++) {
      result[i] = (float) wide[i];
    }
    return result;
  }

  double[] doubles(Tensor tensor) {
    double[] result = new double[tensor.size()];
    switch (tensor.dtype()) {
      case F64 -> read(tensor, MemorySegment.ofArray(result));
      case F32 -> {
        float[] narrow = floats(tensor);
        for (int i = 0; i < narrow.length; i++) {
          result[i] = narrow[i];
        }
      }
      case I32 -> {
        int[] whole = ints(tensor);
        for (int i = 0; i < whole.length; i++) {
          result[i] = whole[i];
        }
      }
    }
    return result;
  }

  int[] ints(Tensor tensor) {
    if (tensor.dtype() != DType.I32) {
      throw new IllegalArgumentException("toInts: the tensor is " + tensor.dtype() + ", not I32");
    }
    int[] result = new int[tensor.size()];
    read(tensor, MemorySegment.ofArray(result));
    return result;
  }

  private void read(Tensor tensor, MemorySegment target) {
    session.checkThread();
    tensor.checkUsable("read");
    if (tensor.view().isContiguous()) {
      backend.read(tensor.view(), target);
      return;
    }
    try (Scope unused = session.scratch()) {
      backend.read(tensor.denseView(), target);
    }
  }
}
