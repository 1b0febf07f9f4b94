package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.tensor.DType;
import java.lang.foreign.Arena;

/** Constants and copies between strides. */
final class Copies {

  /** Below this length of an axis a tile of shared memory does not pay. */
  private static final int SHORTEST_TILED = 8;

  private static final int TILE = 32;

  private final Launcher launcher;
  private final CudaStream stream;
  private final Scratch scratch;
  private final Axes axes;
  private final StepProgram program;

  Copies(Launcher launcher, CudaStream stream, Scratch scratch, StepProgram program, Arena arena) {
    this.program = program;
    this.launcher = launcher;
    this.stream = stream;
    this.scratch = scratch;
    this.axes = new Axes(arena);
  }

  void fill(double value, View out) {
    // The kernel moves four bytes: an integer goes as the float of the same bits.
    float bits =
        out.storage().type() == DType.I32 ? Float.intBitsToFloat((int) value) : (float) value;
    if (out.size() == 1 && out.storage().type() == DType.F32) {
      program.constant(bits, CudaStorage.address(out));
    } else {
      fill(bits, CudaStorage.address(out), out.size());
    }
  }

  void fill(float value, long out, int n) {
    if (n > 1 && program.waits()) {
      int bits = Float.floatToRawIntBits(value);
      program.chain(StepProgram.CONSTANT, bits, 0, 0, 0, 0, out, n);
    } else if (n > 0) {
      int quads = Launcher.isAligned(out) ? n / 4 : 0;
      launcher.arguments().pointer(out).float32(value).int32(n).int32(quads);
      launcher.launch(Named.FILL, launcher.blocksFor(quads > 0 ? quads : n));
    }
  }

  /** out = factor·out. */
  void scale(double factor, long out, int n) {
    launcher.arguments().pointer(out).float32((float) factor).int32(n);
    launcher.launch(Named.SCALE, launcher.blocksFor(n));
  }

  void copy(View in, View out) {
    if (in.size() == 1 && in.storage().type() == DType.F32) {
      program.scalar(
          StepProgram.COPY, new long[] {CudaStorage.address(in)}, CudaStorage.address(out));
      return;
    }
    axes.of(in.shape(), in.strides(), out.strides());
    copy(CudaStorage.address(in), CudaStorage.address(out), in.size());
  }

  /** The address of a matrix's elements in dense order: its own, or a copy's in scratch memory. */
  long dense(View matrix, Scratch.Slot slot) {
    if (matrix.isContiguous()) {
      return CudaStorage.address(matrix);
    }
    int n = matrix.size();
    long copy = scratch.reserve(slot, 4L * n);
    axes.clear();
    int columns = matrix.shape()[1];
    axes.append(matrix.shape()[0], matrix.strides()[0], columns, 0);
    axes.append(columns, matrix.strides()[1], 1, 0);
    copy(CudaStorage.address(matrix), copy, n);
    return copy;
  }

  private void copy(long in, long out, int n) {
    int rank = axes.rank();
    if (n == 0) {
      return;
    }
    if (axes.isDense(0) && axes.isDense(1)) {
      copyDense(in, out, n);
    } else if (rank == 2 && isTransposed(0, 1)) {
      transpose(in, out, 0, 1);
    } else if (rank == 2 && isTransposed(1, 0)) {
      transpose(in, out, 1, 0);
    } else if (rank <= 2 && axes.isDense(1)) {
      launcher
          .arguments()
          .pointer(in)
          .int32(rank == 2 ? axes.stride(0, 0) : 0)
          .int32(axes.stride(0, rank - 1))
          .pointer(out)
          .int32(axes.length(rank - 1))
          .int32(n);
      launcher.launch(Named.COPY_ROWS, launcher.blocksFor(n));
    } else {
      launcher.arguments().pointer(in).pointer(out).bytes(axes.struct("copy")).int32(n);
      launcher.launch(Named.COPY_STRIDED, launcher.blocksFor(n));
    }
  }

  /** Copies dense numbers; like others it may wait, and {@link StepProgram#flush} ends that. */
  void copyDense(long in, long out, int n) {
    // A value may be settled where it lies already, and CUDA's copies must not overlap.
    if (in != out && program.waits()) {
      program.chain(StepProgram.COPY, 0, in, 1, 0, 0, out, n);
    } else if (in != out) {
      program.flush();
      stream.copyOnDevice(in, out, 4L * n);
    }
  }

  /** Whether the input is dense along one axis and the output along the other. */
  private boolean isTransposed(int row, int column) {
    return axes.stride(0, row) == 1
        && axes.stride(1, column) == 1
        && Math.min(axes.length(0), axes.length(1)) >= SHORTEST_TILED;
  }

  private void transpose(long in, long out, int row, int column) {
    int rows = axes.length(row);
    int columns = axes.length(column);
    int across = Launcher.blocks(columns, TILE);
    launcher
        .arguments()
        .pointer(in)
        .int32(axes.stride(0, column))
        .pointer(out)
        .int32(axes.stride(1, row))
        .int32(rows)
        .int32(columns)
        .int32(across);
    launcher.launch(Named.COPY_TRANSPOSED, across * Launcher.blocks(rows, TILE));
  }
}
