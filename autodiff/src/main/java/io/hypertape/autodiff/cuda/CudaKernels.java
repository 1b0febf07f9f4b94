package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.bindings.cuda.CudaKernel;
import io.hypertape.bindings.cuda.CudaModule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kernels by what they do, looked up once: no name is resolved when one is launched. */
final class CudaKernels {

  private final CudaKernel[] unary;
  private final CudaKernel[] binary;
  private final CudaKernel[] binaryRows;
  private final CudaKernel[] fused;
  private final CudaKernel[] named;
  private final CudaKernel[] program;

  /** CudaKernels that stand for no element of an operation's enum. */
  enum Named {
    UNARY_STRIDED,
    BINARY_STRIDED,
    FILL,
    SCALE,
    COPY_ROWS,
    COPY_STRIDED,
    COPY_TRANSPOSED,
    REDUCE_ROWS,
    REDUCE_SHORT_ROWS,
    REDUCE_COLUMNS,
    REDUCE_STRIDED,
    REDUCE_STRIDED_SHORT,
    LOG_SOFTMAX_WARPS,
    LOG_SOFTMAX_BLOCKS,
    LOG_SOFTMAX_GRAD_WARPS,
    LOG_SOFTMAX_GRAD_BLOCKS,
    PICK,
    SCATTER,
    RANDOM_UNIFORM,
    RANDOM_NORMAL,
    TERMS_FINISH,
    AFFINE_EPILOGUE,
    AFFINE_GRAD,
    IM2COL,
    COL2IM,
    MAX_POOL,
    MAX_POOL_SCATTER,
    MAX_POOL_GATHER,
    AVERAGE_POOL,
    AVERAGE_POOL_ADJOINT,
    BATCH_NORM,
    BATCH_NORM_GRAD,
    GATHER_ROWS,
    SCATTER_ROWS,
    DROPOUT_MASK,
    INCREASE_COUNTER,
    LSTM_CELL,
    LSTM_CELL_GRAD,
    GRU_CELL,
    GRU_CELL_GRAD
  }

  CudaKernels(CudaModule module) {
    this.unary = load(module, "unary_", UnaryOp.values());
    this.binary = load(module, "binary_", BinaryOp.values());
    this.binaryRows = load(module, "binary_rows_", BinaryOp.values());
    this.fused = load(module, "", Arrays.stream(FusedKernel.values()).filter(CudaKernels::isAlone));
    this.named = load(module, "", Named.values());
    this.program = load(module, "program_", ProgramKind.values());
  }

  private static CudaKernel[] load(CudaModule module, String prefix, Enum<?>... all) {
    return load(module, prefix, Arrays.stream(all));
  }

  private static CudaKernel[] load(
      CudaModule module, String prefix, Stream<? extends Enum<?>> all) {
    List<? extends Enum<?>> some = all.toList();
    CudaKernel[] kernels = new CudaKernel[some.getLast().ordinal() + 1];
    for (Enum<?> one : some) {
      kernels[one.ordinal()] = module.kernel(prefix + one.name().toLowerCase(Locale.ROOT));
    }
    return kernels;
  }

  /** Updates and their derivatives are in programs. */
  static boolean isAlone(FusedKernel kernel) {
    return Arrays.stream(ProgramKind.values()).noneMatch(kind -> kind.name().equals(kernel.name()));
  }

  CudaKernel unary(UnaryOp op) {
    return unary[op.ordinal()];
  }

  CudaKernel binary(BinaryOp op) {
    return binary[op.ordinal()];
  }

  CudaKernel binaryRows(BinaryOp op) {
    return binaryRows[op.ordinal()];
  }

  CudaKernel fused(FusedKernel kernel) {
    return fused[kernel.ordinal()];
  }

  CudaKernel program(ProgramKind kind) {
    return program[kind.ordinal()];
  }

  CudaKernel named(Named kernel) {
    return named[kernel.ordinal()];
  }
}
