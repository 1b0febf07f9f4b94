package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.internal.HostCopy;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;

/** float32 on Java arrays with the kernels of module io.hypertape.kernels. */
public final class CpuBackend extends CpuLayerCalls {

  private static final io.hypertape.kernels.lanes.UnaryOp[] UNARY =
      new io.hypertape.kernels.lanes.UnaryOp[UnaryOp.values().length];
  private static final io.hypertape.kernels.lanes.BinaryOp[] BINARY =
      new io.hypertape.kernels.lanes.BinaryOp[BinaryOp.values().length];
  private static final io.hypertape.kernels.lanes.ReduceOp[] REDUCE =
      new io.hypertape.kernels.lanes.ReduceOp[ReduceOp.values().length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      UNARY[op.ordinal()] = io.hypertape.kernels.lanes.UnaryOp.valueOf(op.name());
    }
    for (BinaryOp op : BinaryOp.values()) {
      BINARY[op.ordinal()] = io.hypertape.kernels.lanes.BinaryOp.valueOf(op.name());
    }
    for (ReduceOp op : ReduceOp.values()) {
      REDUCE[op.ordinal()] = io.hypertape.kernels.lanes.ReduceOp.valueOf(op.name());
    }
  }

  private final Kernels kernels;
  private final FusedUpdates updates;

  /**
   * Opens the kernels.
   *
   * @param mode vector kernels, scalar ones, or the best that works
   * @param threads number of threads, the caller's included; at least 1
   */
  public CpuBackend(KernelMode mode, int threads) {
    this(Kernels.open(mode, threads));
  }

  private CpuBackend(Kernels kernels) {
    super(kernels);
    this.kernels = kernels;
    this.updates = new FusedUpdates(kernels);
  }

  static float[] floats(View view) {
    return ((ArrayStorage.Floats) view.storage()).array();
  }

  static int[] ints(View view) {
    return ((ArrayStorage.Ints) view.storage()).array();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "cpu backend: float32, "
        + kernels.selection().reason()
        + ", "
        + kernels.selection().threads()
        + (kernels.selection().threads() == 1 ? " thread" : " threads");
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public Storage allocate(DType type, int size) {
    refuseWhileRecording("allocate");
    return switch (type) {
      case F32 -> new ArrayStorage.Floats(new float[size]);
      case I32 -> new ArrayStorage.Ints(new int[size]);
      case F64 ->
          throw new IllegalArgumentException("the cpu backend has F32 and I32 buffers, not F64");
    };
  }

  @Override
  public void free(Storage buffer) {
    // The garbage collector has arrays.
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    refuseWhileRecording("write");
    HostCopy.copy(source, 0, ((ArrayStorage) target).segment(), 0, source.byteSize());
  }

  @Override
  public void read(View source, MemorySegment target) {
    refuseWhileRecording("read");
    HostCopy.copy(
        ((ArrayStorage) source.storage()).segment(),
        4L * source.offset(),
        target,
        0,
        4L * source.size());
  }

  @Override
  public void fill(double value, View out) {
    if (recording != null) {
      recording.add(() -> fill(value, out));
      return;
    }
    kernels.fill(floats(out), out.offset(), out.size(), (float) value);
  }

  @Override
  public void copy(View in, View out) {
    if (recording != null) {
      recording.add(CpuScalars.isOne(in, out) ? CpuScalars.copy(in, out) : () -> copy(in, out));
      return;
    }
    if (in.storage().type() == DType.I32) {
      IntCopies.copy(in, out);
      return;
    }
    kernels.copy(
        in.shape(),
        floats(in),
        in.offset(),
        in.strides(),
        floats(out),
        out.offset(),
        out.strides());
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    if (recording != null) {
      recording.add(() -> unary(op, in, out));
      return;
    }
    kernels.unary(
        UNARY[op.ordinal()],
        in.shape(),
        floats(in),
        in.offset(),
        in.strides(),
        floats(out),
        out.offset(),
        out.strides());
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    if (recording != null) {
      recording.add(
          CpuScalars.isOne(a, out)
              ? CpuScalars.binary(BINARY[op.ordinal()], a, b, out)
              : () -> binary(op, a, b, out));
      return;
    }
    kernels.binary(
        BINARY[op.ordinal()],
        a.shape(),
        floats(a),
        a.offset(),
        a.strides(),
        floats(b),
        b.offset(),
        b.strides(),
        floats(out),
        out.offset(),
        out.strides());
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    int[] strides = out.strides().clone();
    for (int axis = 0; axis < strides.length; axis++) {
      if (out.shape()[axis] == 1) {
        strides[axis] = 0;
      }
    }
    run(() -> reduce(op, in, out, strides));
  }

  private void reduce(ReduceOp op, View in, View out, int[] strides) {
    kernels.reduce(
        REDUCE[op.ordinal()],
        in.shape(),
        floats(in),
        in.offset(),
        in.strides(),
        floats(out),
        out.offset(),
        strides);
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    run(
        kernels
            .products()
            .gemm(Operands.matrix(a), Operands.matrix(b), (float) beta, Operands.matrix(c)));
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return true;
  }

  @Override
  public void logSoftmax(View in, View out) {
    if (recording != null) {
      recording.add(() -> logSoftmax(in, out));
      return;
    }
    View x = dense(in, out);
    kernels.logSoftmax(
        x.shape()[0],
        x.shape()[1],
        floats(x),
        x.offset(),
        x.strides()[0],
        floats(out),
        out.offset(),
        out.strides()[0]);
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    if (recording != null) {
      recording.add(() -> logSoftmaxGrad(cotangent, output, out));
      return;
    }
    View c = dense(cotangent, out);
    View y = dense(output);
    kernels.logSoftmaxGrad(
        out.shape()[0],
        out.shape()[1],
        floats(y),
        y.offset(),
        y.strides()[0],
        floats(c),
        c.offset(),
        c.strides()[0],
        floats(out),
        out.offset(),
        out.strides()[0]);
  }

  @Override
  public void pick(View in, View index, View out) {
    if (recording != null) {
      recording.add(() -> pick(in, index, out));
      return;
    }
    View x = dense(in);
    kernels.pick(
        x.shape()[0],
        x.shape()[1],
        floats(x),
        x.offset(),
        x.strides()[0],
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  @Override
  public void scatter(View in, View index, View out) {
    if (recording != null) {
      recording.add(() -> scatter(in, index, out));
      return;
    }
    kernels.scatter(
        out.shape()[0],
        out.shape()[1],
        floats(in),
        in.offset(),
        in.strides()[0],
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  private static boolean hasDenseRows(View matrix) {
    return matrix.strides()[1] == 1 || matrix.shape()[1] <= 1;
  }

  /** Rows must be contiguous for the row kernels; a copy is the exception. */
  private View dense(View matrix) {
    return hasDenseRows(matrix)
        ? matrix
        : dense(matrix, View.contiguous(allocate(DType.F32, matrix.size()), matrix.shape()));
  }

  /** The same, with the copy where the result shall be: these kernels also work in place. */
  private View dense(View matrix, View out) {
    if (hasDenseRows(matrix)) {
      return matrix;
    }
    copy(matrix, out);
    return out;
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    if (recording != null) {
      recording.add(() -> random(distribution, seed, stream, out));
      return;
    }
    switch (distribution) {
      case UNIFORM -> kernels.uniform(seed, stream, 0, floats(out), out.offset(), out.size());
      case NORMAL -> kernels.normal(seed, stream, 0, floats(out), out.offset(), out.size());
    }
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return true;
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    run(() -> updates.run(kernel, in, out));
  }

  @Override
  public void close() {
    kernels.close();
  }
}
