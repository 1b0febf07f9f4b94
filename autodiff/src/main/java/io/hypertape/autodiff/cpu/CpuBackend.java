package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.MemorySegment;

/** float32 on Java arrays with the kernels of module io.hypertape.kernels. */
public final class CpuBackend implements Backend {

  private static final io.hypertape.kernels.UnaryOp[] UNARY =
      new io.hypertape.kernels.UnaryOp[UnaryOp.values().length];
  private static final io.hypertape.kernels.BinaryOp[] BINARY =
      new io.hypertape.kernels.BinaryOp[BinaryOp.values().length];
  private static final io.hypertape.kernels.ReduceOp[] REDUCE =
      new io.hypertape.kernels.ReduceOp[ReduceOp.values().length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      UNARY[op.ordinal()] = io.hypertape.kernels.UnaryOp.valueOf(op.name());
    }
    for (BinaryOp op : BinaryOp.values()) {
      BINARY[op.ordinal()] = io.hypertape.kernels.BinaryOp.valueOf(op.name());
    }
    for (ReduceOp op : ReduceOp.values()) {
      REDUCE[op.ordinal()] = io.hypertape.kernels.ReduceOp.valueOf(op.name());
    }
  }

  private final Kernels kernels;
  private final FusedUpdates updates;
  private final CpuLayers layers;
  private final CpuRecurrence recurrence;
  private final DenseLayers dense;
  private CpuRecording recording;

  /**
   * Opens the kernels.
   *
   * @param mode vector kernels, scalar ones, or the best that works
   * @param threads number of threads, the caller's included; at least 1
   */
  public CpuBackend(KernelMode mode, int threads) {
    this.kernels = Kernels.open(mode, threads);
    this.updates = new FusedUpdates(kernels);
    this.layers = new CpuLayers(kernels);
    this.recurrence = new CpuRecurrence(kernels);
    this.dense = new DenseLayers(kernels);
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
    MemorySegment.copy(source, 0, ((ArrayStorage) target).segment(), 0, source.byteSize());
  }

  @Override
  public void read(View source, MemorySegment target) {
    refuseWhileRecording("read");
    MemorySegment.copy(
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
      recording.add(() -> copy(in, out));
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
      recording.add(() -> binary(op, a, b, out));
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
    if (recording != null) {
      recording.add(() -> gemm(a, b, beta, c));
      return;
    }
    kernels.gemm(
        c.shape()[0],
        c.shape()[1],
        a.shape()[1],
        floats(a),
        a.offset(),
        a.strides()[0],
        a.strides()[1],
        floats(b),
        b.offset(),
        b.strides()[0],
        b.strides()[1],
        (float) beta,
        floats(c),
        c.offset(),
        c.strides()[0]);
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

  /** Runs a call at once, or keeps it for a replay. */
  private void run(Runnable call) {
    if (recording != null) {
      recording.add(call);
    } else {
      call.run();
    }
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    run(() -> layers.convolution(pass, form, a, b, out));
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    run(() -> layers.maxPool(form, x, y, index));
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    run(() -> layers.maxPoolScatter(form, in, index, out));
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    run(() -> layers.maxPoolGather(form, in, index, out));
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    run(() -> layers.averagePool(form, in, out));
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    run(() -> layers.averagePoolAdjoint(form, in, out));
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    run(() -> layers.batchNorm(eps, x, gamma, beta, y, mean, invStd));
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    run(() -> layers.batchNormGrad(dy, x, gamma, mean, invStd, dx, dGamma, dBeta));
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    run(() -> layers.gatherRows(table, index, out));
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    run(() -> layers.scatterRows(in, index, out));
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    run(() -> layers.dropoutMask(keep, seed, counter, out));
  }

  @Override
  public boolean readsOneHot() {
    return true;
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return recurrence.reserve(form);
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    recurrence.prepare(form);
    run(() -> recurrence.forward(form, in, out));
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    recurrence.prepareGrad(form);
    run(() -> recurrence.backward(form, in, out));
  }

  @Override
  public boolean fusesAffine() {
    return true;
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    run(() -> dense.affine(x, w, bias, epilogue, out));
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    run(() -> dense.affineGrad(epilogue, cotangent, output, sums, bias));
  }

  private void refuseWhileRecording(String call) {
    if (recording != null) {
      throw new RecordingException(
          call + ": not while recording, which holds nothing that the host takes part in");
    }
  }

  /** What is recorded skips the tape and all that is decided by shapes. */
  @Override
  public boolean canRecord() {
    return true;
  }

  @Override
  public void beginRecording() {
    if (recording != null) {
      throw new IllegalStateException("beginRecording: a recording is under way already");
    }
    recording = new CpuRecording();
  }

  @Override
  public int recorded() {
    return recording == null ? 0 : recording.operations();
  }

  @Override
  public Recording endRecording() {
    if (recording == null) {
      throw new IllegalStateException("endRecording: no recording is under way");
    }
    CpuRecording made = recording;
    recording = null;
    return made;
  }

  @Override
  public void abortRecording() {
    recording = null;
  }

  @Override
  public void synchronize() {
    refuseWhileRecording("synchronize");
    // Everything is done when its call returns.
  }

  @Override
  public void close() {
    kernels.close();
  }
}
