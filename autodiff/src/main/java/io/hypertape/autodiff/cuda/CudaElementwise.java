package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import java.lang.foreign.Arena;

/** Elementwise functions: chooses the kernel that fits the strides. */
final class CudaElementwise {

  private final Launcher launcher;
  private final Axes axes;
  private final StepProgram program;

  CudaElementwise(Launcher launcher, StepProgram program, Arena arena) {
    this.program = program;
    this.launcher = launcher;
    this.axes = new Axes(arena);
  }

  void unary(UnaryOp op, View in, View out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    long x = CudaStorage.address(in);
    long y = CudaStorage.address(out);
    if (n == 1) {
      program.scalar(op.ordinal(), new long[] {x}, y);
      return;
    }
    axes.of(in.shape(), in.strides(), out.strides());
    if (axes.isDense(0) && axes.isDense(1)) {
      if (program.waits()) {
        program.chain(op.ordinal(), 0, x, 1, 0, 0, y, n);
        return;
      }
      int quads = Launcher.isAligned(x | y) ? n / 4 : 0;
      launcher.arguments().pointer(x).pointer(y).int32(n).int32(quads);
      launcher.launch(launcher.kernels().unary(op), blocks(n, quads));
    } else {
      launcher
          .arguments()
          .int32(op.ordinal())
          .pointer(x)
          .pointer(y)
          .bytes(axes.struct("unary"))
          .int32(n);
      launcher.launch(Named.UNARY_STRIDED, launcher.blocksFor(n));
    }
  }

  void binary(BinaryOp op, View a, View b, View out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    long x = CudaStorage.address(a);
    long y = CudaStorage.address(b);
    long z = CudaStorage.address(out);
    if (n == 1) {
      program.scalar(StepProgram.BINARY + op.ordinal(), new long[] {x, y}, z);
      return;
    }
    axes.of(out.shape(), a.strides(), b.strides(), out.strides());
    if (axes.isDense(2) && isDenseOrNumber(0) && isDenseOrNumber(1)) {
      dense(op, x, y, z, n);
    } else if (axes.isDense(2) && axes.rank() <= 2) {
      rows(op, x, y, z, n);
    } else {
      launcher
          .arguments()
          .int32(op.ordinal())
          .pointer(x)
          .pointer(y)
          .pointer(z)
          .bytes(axes.struct("binary"))
          .int32(n);
      launcher.launch(Named.BINARY_STRIDED, launcher.blocksFor(n));
    }
  }

  private void dense(BinaryOp op, long a, long b, long out, int n) {
    int aStep = step(0);
    int bStep = step(1);
    if (program.waits()) {
      program.chain(StepProgram.BINARY + op.ordinal(), 0, a, aStep, b, bStep, out, n);
      return;
    }
    boolean aligned = Launcher.isAligned(out | a * aStep | b * bStep);
    int quads = aligned ? n / 4 : 0;
    launcher
        .arguments()
        .pointer(a)
        .int32(aStep)
        .pointer(b)
        .int32(bStep)
        .pointer(out)
        .int32(n)
        .int32(quads);
    launcher.launch(launcher.kernels().binary(op), blocks(n, quads));
  }

  private void rows(BinaryOp op, long a, long b, long out, int n) {
    int last = axes.rank() - 1;
    int columns = axes.length(last);
    boolean wide = columns % 4 == 0 && Launcher.isAligned(out) && fitsFour(0, a) && fitsFour(1, b);
    launcher
        .arguments()
        .pointer(a)
        .int32(outerStride(0))
        .int32(axes.stride(0, last))
        .pointer(b)
        .int32(outerStride(1))
        .int32(axes.stride(1, last))
        .pointer(out)
        .int32(columns)
        .int32(n)
        .int32(wide ? 1 : 0);
    launcher.launch(launcher.kernels().binaryRows(op), launcher.blocksFor(wide ? n / 4 : n));
  }

  private int outerStride(int operand) {
    return axes.rank() == 2 ? axes.stride(operand, 0) : 0;
  }

  /** A column's stride of 0 reads one number a row, of 1 four neighbours, which must be aligned. */
  private boolean fitsFour(int operand, long address) {
    int column = axes.stride(operand, axes.rank() - 1);
    return column == 0
        || (column == 1 && outerStride(operand) % 4 == 0 && Launcher.isAligned(address));
  }

  private boolean isDenseOrNumber(int operand) {
    return axes.isDense(operand) || isNumber(operand);
  }

  private boolean isNumber(int operand) {
    for (int axis = 0; axis < axes.rank(); axis++) {
      if (axes.stride(operand, axis) != 0) {
        return false;
      }
    }
    return true;
  }

  private int step(int operand) {
    return isNumber(operand) ? 0 : 1;
  }

  private int blocks(int n, int quads) {
    return launcher.blocksFor(quads > 0 ? quads : n);
  }
}
