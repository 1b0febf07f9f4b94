package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.PoolingShape;
import io.hypertape.kernels.updates.UpdateOp;

/** The operations of {@link Kernels}, each a method of one of their rooms. */
enum KernelOp {
  COPY,
  FILL,
  UNARY,
  BINARY,
  REDUCE,
  DOT,
  LOG_SOFTMAX,
  LOG_SOFTMAX_GRAD,
  PICK,
  SCATTER,
  UNIFORM,
  NORMAL,
  GEMM,
  DENSE,
  DENSE_GRAD,
  CONVOLUTION,
  CONVOLUTION_DATA,
  CONVOLUTION_FILTER,
  MAX_POOL,
  MAX_POOL_SCATTER,
  MAX_POOL_GATHER,
  AVERAGE_POOL,
  AVERAGE_POOL_ADJOINT,
  BATCH_NORM,
  BATCH_NORM_GRAD,
  SCALED,
  GATHER_ROWS,
  SCATTER_ROWS,
  COLUMN_SUMS,
  DROPOUT_MASK,
  LSTM_CELL,
  LSTM_CELL_GRAD,
  GRU_CELL,
  GRU_CELL_GRAD,
  UPDATE;

  /**
   * Asks kernels for this operation.
   *
   * @param kernels the kernels
   * @param o its operands, as the method takes them
   * @return a call, or of {@link #DOT} the number
   */
  Object of(Kernels kernels, Object... o) {
    return switch (this) {
      case COPY -> kernels.elementwise().copy((Strided) o[0], (Strided) o[1]);
      case FILL -> kernels.elementwise().fill((Floats) o[0], (float) o[1]);
      case UNARY -> kernels.elementwise().unary((UnaryOp) o[0], (Strided) o[1], (Strided) o[2]);
      case BINARY ->
          kernels
              .elementwise()
              .binary((BinaryOp) o[0], (Strided) o[1], (Strided) o[2], (Strided) o[3]);
      case REDUCE -> kernels.elementwise().reduce((ReduceOp) o[0], (Strided) o[1], (Strided) o[2]);
      case DOT -> kernels.elementwise().dot((Floats) o[0], (Floats) o[1]);
      case LOG_SOFTMAX -> kernels.elementwise().logSoftmax((Matrix) o[0], (Matrix) o[1]);
      case LOG_SOFTMAX_GRAD ->
          kernels.elementwise().logSoftmaxGrad((Matrix) o[0], (Matrix) o[1], (Matrix) o[2]);
      case PICK -> kernels.elementwise().pick((Matrix) o[0], (Ints) o[1], (Floats) o[2]);
      case SCATTER -> kernels.elementwise().scatter((Strided) o[0], (Ints) o[1], (Matrix) o[2]);
      case UNIFORM ->
          kernels.elementwise().uniform((long) o[0], (long) o[1], (long) o[2], (Floats) o[3]);
      case NORMAL ->
          kernels.elementwise().normal((long) o[0], (long) o[1], (long) o[2], (Floats) o[3]);
      case GEMM ->
          kernels.products().gemm((Matrix) o[0], (Matrix) o[1], (float) o[2], (Matrix) o[3]);
      case DENSE ->
          kernels
              .products()
              .dense(
                  (DenseActivation) o[0],
                  (Matrix) o[1],
                  (Matrix) o[2],
                  (Floats) o[3],
                  (Matrix) o[4]);
      case DENSE_GRAD ->
          kernels
              .products()
              .denseGrad(
                  (DenseActivation) o[0],
                  (Matrix) o[1],
                  (Matrix) o[2],
                  (Matrix) o[3],
                  (Floats) o[4]);
      case CONVOLUTION ->
          o[2] instanceof FixedFilters w
              ? kernels
                  .convolutions()
                  .forward((ConvolutionShape) o[0], (Floats) o[1], w, (Floats) o[3])
              : kernels
                  .convolutions()
                  .forward((ConvolutionShape) o[0], (Floats) o[1], (Floats) o[2], (Floats) o[3]);
      case CONVOLUTION_DATA ->
          kernels
              .convolutions()
              .data((ConvolutionShape) o[0], (Floats) o[1], (Floats) o[2], (Floats) o[3]);
      case CONVOLUTION_FILTER ->
          kernels
              .convolutions()
              .filter((ConvolutionShape) o[0], (Floats) o[1], (Floats) o[2], (Floats) o[3]);
      case MAX_POOL ->
          kernels.layers().maxPool((PoolingShape) o[0], (Floats) o[1], (Floats) o[2], (Ints) o[3]);
      case MAX_POOL_SCATTER ->
          kernels
              .layers()
              .maxPoolScatter((PoolingShape) o[0], (Floats) o[1], (Ints) o[2], (Floats) o[3]);
      case MAX_POOL_GATHER ->
          kernels
              .layers()
              .maxPoolGather((PoolingShape) o[0], (Floats) o[1], (Ints) o[2], (Floats) o[3]);
      case AVERAGE_POOL ->
          kernels.layers().averagePool((PoolingShape) o[0], (Floats) o[1], (Floats) o[2]);
      case AVERAGE_POOL_ADJOINT ->
          kernels.layers().averagePoolAdjoint((PoolingShape) o[0], (Floats) o[1], (Floats) o[2]);
      case BATCH_NORM -> kernels.layers().batchNorm((BatchNorm.Forward) o[0]);
      case BATCH_NORM_GRAD -> kernels.layers().batchNormGrad((BatchNorm.Backward) o[0]);
      case SCALED -> kernels.layers().scaled((BatchNorm.Scaled) o[0]);
      case GATHER_ROWS -> kernels.layers().gatherRows((Matrix) o[0], (Ints) o[1], (Matrix) o[2]);
      case SCATTER_ROWS -> kernels.layers().scatterRows((Matrix) o[0], (Ints) o[1], (Matrix) o[2]);
      case COLUMN_SUMS -> kernels.layers().columnSums((Matrix) o[0], (Floats) o[1]);
      case DROPOUT_MASK ->
          kernels.layers().dropoutMask((double) o[0], (long) o[1], (Ints) o[2], (Floats) o[3]);
      case LSTM_CELL -> kernels.layers().lstmCell((Cells.Lstm) o[0]);
      case LSTM_CELL_GRAD -> kernels.layers().lstmCellGrad((Cells.LstmGrad) o[0]);
      case GRU_CELL -> kernels.layers().gruCell((Cells.Gru) o[0]);
      case GRU_CELL_GRAD -> kernels.layers().gruCellGrad((Cells.GruGrad) o[0]);
      case UPDATE ->
          kernels.updates().of((UpdateOp) o[0], (double[]) o[1], (float[]) o[2], (Floats[]) o[3]);
    };
  }
}
