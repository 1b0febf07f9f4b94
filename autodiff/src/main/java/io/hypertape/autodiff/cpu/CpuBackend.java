package io.hypertape.autodiff.cpu;

import static io.hypertape.autodiff.cpu.Operands.matrix;
import static io.hypertape.autodiff.cpu.Operands.strided;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cpu.start.GatedKernels;
import io.hypertape.autodiff.internal.HostCopy;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.Matrix;
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
   * @param simd vector kernels, scalar ones, or the best that works, which begin with scalar twins
   * @param threads number of threads, the caller's included; at least 1
   */
  public CpuBackend(Simd simd, int threads) {
    this(GatedKernels.open(simd, threads));
  }

  /**
   * A backend of these kernels.
   *
   * @param kernels the kernels, closed with this
   */
  public CpuBackend(Kernels kernels) {
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
  public Storage fixed(Storage storage) {
    return storage instanceof ArrayStorage.Floats floats ? floats.fixed() : storage;
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
  public void write(float[] source, int from, int count, Storage target) {
    refuseWhileRecording("write");
    System.arraycopy(source, from, ((ArrayStorage.Floats) target).array(), 0, count);
  }

  @Override
  public void read(View source, int count, float[] target, int to) {
    refuseWhileRecording("read");
    System.arraycopy(floats(source), source.offset(), target, to, count);
  }

  @Override
  public void fill(double value, View out) {
    run(kernels.elementwise().fill(Operands.floats(out), (float) value));
  }

  @Override
  public void copy(View in, View out) {
    run(
        in.storage().type() == DType.I32
            ? () -> IntCopies.copy(in, out)
            : kernels.elementwise().copy(strided(in), strided(out)));
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    run(kernels.elementwise().unary(UNARY[op.ordinal()], strided(in), strided(out)));
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    run(kernels.elementwise().binary(BINARY[op.ordinal()], strided(a), strided(b), strided(out)));
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    run(kernels.elementwise().reduce(REDUCE[op.ordinal()], strided(in), strided(out)));
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
    run(kernels.elementwise().logSoftmax(dense(in, out), matrix(out)));
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    Matrix g = dense(cotangent, out);
    View kept =
        hasDenseRows(output)
            ? output
            : View.contiguous(new ArrayStorage.Floats(new float[output.size()]), output.shape());
    run(kernels.elementwise().logSoftmaxGrad(dense(output, kept), g, matrix(out)));
  }

  @Override
  public void pick(View in, View index, View out) {
    run(kernels.elementwise().pick(matrix(in), Operands.ints(index), Operands.floats(out)));
  }

  @Override
  public void scatter(View in, View index, View out) {
    run(kernels.elementwise().scatter(strided(in), Operands.ints(index), matrix(out)));
  }

  private static boolean hasDenseRows(View matrix) {
    return matrix.strides()[1] == 1 || matrix.shape()[1] <= 1;
  }

  /**
   * Rows must be contiguous for the row kernels: others are copied first to where the result shall
   * be, as these kernels also work in place, or to a place of their own.
   */
  private Matrix dense(View matrix, View place) {
    if (hasDenseRows(matrix)) {
      return matrix(matrix);
    }
    copy(matrix, place);
    return matrix(place);
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    Elementwise elementwise = kernels.elementwise();
    run(
        switch (distribution) {
          case UNIFORM -> elementwise.uniform(seed, stream, 0, Operands.floats(out));
          case NORMAL -> elementwise.normal(seed, stream, 0, Operands.floats(out));
        });
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return true;
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    run(updates.of(kernel, in, out));
  }

  @Override
  public void close() {
    kernels.close();
  }
}
