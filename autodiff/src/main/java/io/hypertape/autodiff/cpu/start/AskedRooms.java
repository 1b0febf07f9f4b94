package io.hypertape.autodiff.cpu.start;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import io.hypertape.kernels.updates.UpdateOp;
import io.hypertape.kernels.updates.Updates;

/**
 * Rooms all of whose operations go one way: written out, as a JVM takes a tenth of a second to make
 * proxies.
 */
final class AskedRooms {

  /** What gets the operations. */
  interface Asked {

    /**
     * An operation is asked for.
     *
     * @param op which
     * @param operands as the room's method takes them
     * @return a call, or of {@link KernelOp#DOT} the number
     */
    Object of(KernelOp op, Object... operands);
  }

  private AskedRooms() {}

  static Elementwise elementwise(Asked by) {
    return new ElementwiseBy(by);
  }

  static Products products(Asked by) {
    return new ProductsBy(by);
  }

  static Convolutions convolutions(Asked by) {
    return new ConvolutionsBy(by);
  }

  static Layers layers(Asked by) {
    return new LayersBy(by);
  }

  static Updates updates(Asked by) {
    return new UpdatesBy(by);
  }

  /** Elementwise. */
  private record ElementwiseBy(Asked by) implements Elementwise {
    @Override
    public Call copy(Strided x, Strided out) {
      return (Call) by.of(KernelOp.COPY, x, out);
    }

    @Override
    public Call fill(Floats out, float value) {
      return (Call) by.of(KernelOp.FILL, out, value);
    }

    @Override
    public Call unary(UnaryOp op, Strided x, Strided out) {
      return (Call) by.of(KernelOp.UNARY, op, x, out);
    }

    @Override
    public Call binary(BinaryOp op, Strided a, Strided b, Strided out) {
      return (Call) by.of(KernelOp.BINARY, op, a, b, out);
    }

    @Override
    public Call reduce(ReduceOp op, Strided x, Strided out) {
      return (Call) by.of(KernelOp.REDUCE, op, x, out);
    }

    @Override
    public float dot(Floats x, Floats y) {
      return (float) by.of(KernelOp.DOT, x, y);
    }

    @Override
    public Call logSoftmax(Matrix x, Matrix out) {
      return (Call) by.of(KernelOp.LOG_SOFTMAX, x, out);
    }

    @Override
    public Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out) {
      return (Call) by.of(KernelOp.LOG_SOFTMAX_GRAD, y, g, out);
    }

    @Override
    public Call pick(Matrix x, Ints index, Floats out) {
      return (Call) by.of(KernelOp.PICK, x, index, out);
    }

    @Override
    public Call scatter(Strided x, Ints index, Matrix out) {
      return (Call) by.of(KernelOp.SCATTER, x, index, out);
    }

    @Override
    public Call uniform(long seed, long stream, long first, Floats out) {
      return (Call) by.of(KernelOp.UNIFORM, seed, stream, first, out);
    }

    @Override
    public Call normal(long seed, long stream, long first, Floats out) {
      return (Call) by.of(KernelOp.NORMAL, seed, stream, first, out);
    }
  }

  /** Products. */
  private record ProductsBy(Asked by) implements Products {
    @Override
    public Call gemm(Matrix a, Matrix b, float beta, Matrix c) {
      return (Call) by.of(KernelOp.GEMM, a, b, beta, c);
    }

    @Override
    public Call dense(DenseActivation activation, Matrix a, Matrix b, Floats bias, Matrix c) {
      return (Call) by.of(KernelOp.DENSE, activation, a, b, bias, c);
    }

    @Override
    public Call denseGrad(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
      return (Call) by.of(KernelOp.DENSE_GRAD, activation, g, y, out, bias);
    }
  }

  /** Convolutions. */
  private record ConvolutionsBy(Asked by) implements Convolutions {
    @Override
    public Call forward(ConvolutionShape s, Floats x, Floats w, Floats y) {
      return (Call) by.of(KernelOp.CONVOLUTION, s, x, w, y);
    }

    @Override
    public Call forward(ConvolutionShape s, Floats x, FixedFilters w, Floats y) {
      return (Call) by.of(KernelOp.CONVOLUTION, s, x, w, y);
    }

    @Override
    public Call data(ConvolutionShape s, Floats dy, Floats w, Floats dx) {
      return (Call) by.of(KernelOp.CONVOLUTION_DATA, s, dy, w, dx);
    }

    @Override
    public Call filter(ConvolutionShape s, Floats x, Floats dy, Floats dw) {
      return (Call) by.of(KernelOp.CONVOLUTION_FILTER, s, x, dy, dw);
    }
  }

  /** Layers. */
  private record LayersBy(Asked by) implements Layers {
    @Override
    public Call maxPool(PoolingShape s, Floats x, Floats y, Ints index) {
      return (Call) by.of(KernelOp.MAX_POOL, s, x, y, index);
    }

    @Override
    public Call maxPoolScatter(PoolingShape s, Floats in, Ints index, Floats out) {
      return (Call) by.of(KernelOp.MAX_POOL_SCATTER, s, in, index, out);
    }

    @Override
    public Call maxPoolGather(PoolingShape s, Floats in, Ints index, Floats out) {
      return (Call) by.of(KernelOp.MAX_POOL_GATHER, s, in, index, out);
    }

    @Override
    public Call averagePool(PoolingShape s, Floats in, Floats out) {
      return (Call) by.of(KernelOp.AVERAGE_POOL, s, in, out);
    }

    @Override
    public Call averagePoolAdjoint(PoolingShape s, Floats in, Floats out) {
      return (Call) by.of(KernelOp.AVERAGE_POOL_ADJOINT, s, in, out);
    }

    @Override
    public Call batchNorm(BatchNorm.Forward o) {
      return (Call) by.of(KernelOp.BATCH_NORM, o);
    }

    @Override
    public Call batchNormGrad(BatchNorm.Backward o) {
      return (Call) by.of(KernelOp.BATCH_NORM_GRAD, o);
    }

    @Override
    public Call scaled(BatchNorm.Scaled o) {
      return (Call) by.of(KernelOp.SCALED, o);
    }

    @Override
    public Call gatherRows(Matrix table, Ints index, Matrix out) {
      return (Call) by.of(KernelOp.GATHER_ROWS, table, index, out);
    }

    @Override
    public Call scatterRows(Matrix in, Ints index, Matrix out) {
      return (Call) by.of(KernelOp.SCATTER_ROWS, in, index, out);
    }

    @Override
    public Call columnSums(Matrix x, Floats out) {
      return (Call) by.of(KernelOp.COLUMN_SUMS, x, out);
    }

    @Override
    public Call dropoutMask(double keep, long seed, Ints counter, Floats out) {
      return (Call) by.of(KernelOp.DROPOUT_MASK, keep, seed, counter, out);
    }

    @Override
    public Call lstmCell(Cells.Lstm o) {
      return (Call) by.of(KernelOp.LSTM_CELL, o);
    }

    @Override
    public Call lstmCellGrad(Cells.LstmGrad o) {
      return (Call) by.of(KernelOp.LSTM_CELL_GRAD, o);
    }

    @Override
    public Call gruCell(Cells.Gru o) {
      return (Call) by.of(KernelOp.GRU_CELL, o);
    }

    @Override
    public Call gruCellGrad(Cells.GruGrad o) {
      return (Call) by.of(KernelOp.GRU_CELL_GRAD, o);
    }
  }

  /** Updates. */
  private record UpdatesBy(Asked by) implements Updates {
    @Override
    public Call of(UpdateOp update, double[] scalars, float[] sums, Floats... vectors) {
      return (Call) by.of(KernelOp.UPDATE, update, scalars, sums, vectors);
    }
  }
}
