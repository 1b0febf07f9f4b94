package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.internal.HostCopy;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.MemorySegment;

/**
 * Plain loops that compute in double precision and round on storing: the oracle of the other
 * backends. It has no fused kernel, so that definitions are what it runs.
 */
public final class ReferenceBackend implements Backend {

  private final DType dtype;

  /**
   * A backend of one precision.
   *
   * @param dtype {@link DType#F64} or {@link DType#F32}
   */
  public ReferenceBackend(DType dtype) {
    if (dtype == DType.I32) {
      throw new IllegalArgumentException("the reference backend computes in F64 or F32, not I32");
    }
    this.dtype = dtype;
  }

  private static ReferenceStorage data(View view) {
    return (ReferenceStorage) view.storage();
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "reference backend: scalar loops, "
        + (dtype == DType.F64 ? "float64" : "float32")
        + ", one thread";
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Storage allocate(DType type, int size) {
    return ReferenceStorage.of(type, size);
  }

  @Override
  public void free(Storage buffer) {
    // The garbage collector has arrays.
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    HostCopy.copy(source, 0, ((ReferenceStorage) target).segment(), 0, source.byteSize());
  }

  @Override
  public void read(View source, MemorySegment target) {
    long bytes = source.storage().type().bytes();
    HostCopy.copy(
        data(source).segment(), source.offset() * bytes, target, 0, source.size() * bytes);
  }

  @Override
  public void fill(double value, View out) {
    ReferenceStorage o = data(out);
    ViewWalk.over(out, out, out, (i, j, k) -> o.set(i, value));
  }

  @Override
  public void copy(View in, View out) {
    ReferenceStorage x = data(in);
    ReferenceStorage o = data(out);
    ViewWalk.over(in, out, out, (i, j, k) -> o.set(j, x.get(i)));
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    ReferenceStorage x = data(in);
    ReferenceStorage o = data(out);
    ViewWalk.over(in, out, out, (i, j, k) -> o.set(j, Scalar.unary(op, x.get(i))));
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    ReferenceStorage x = data(a);
    ReferenceStorage y = data(b);
    ReferenceStorage o = data(out);
    ViewWalk.over(a, b, out, (i, j, k) -> o.set(k, Scalar.binary(op, x.get(i), y.get(j))));
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    // Accumulates in double whatever the precision, so that float32 sums round once.
    double[] sums = new double[out.size()];
    java.util.Arrays.fill(sums, Scalar.identity(op));
    ReferenceStorage x = data(in);
    View slots =
        ViewWalk.folded(new View(out.storage(), 0, out.shape(), View.rowMajorStrides(out.shape())));
    ViewWalk.over(in, slots, slots, (i, j, k) -> sums[j] = Scalar.reduce(op, sums[j], x.get(i)));
    ReferenceStorage o = data(out);
    View dense = View.contiguous(out.storage(), out.shape());
    ViewWalk.over(out, dense, dense, (i, j, k) -> o.set(i, sums[j]));
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    ReferenceStorage x = data(a);
    ReferenceStorage y = data(b);
    ReferenceStorage z = data(c);
    for (int i = 0; i < c.shape()[0]; i++) {
      for (int j = 0; j < c.shape()[1]; j++) {
        double sum = 0;
        for (int k = 0; k < a.shape()[1]; k++) {
          sum +=
              x.get(a.offset() + i * a.strides()[0] + k * a.strides()[1])
                  * y.get(b.offset() + k * b.strides()[0] + j * b.strides()[1]);
        }
        int at = c.offset() + i * c.strides()[0] + j * c.strides()[1];
        z.set(at, beta == 0 ? sum : sum + beta * z.get(at));
      }
    }
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return true;
  }

  @Override
  public void logSoftmax(View in, View out) {
    for (int i = 0; i < in.shape()[0]; i++) {
      Row x = row(in, i);
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < x.length; j++) {
        max = Math.max(max, x.get(j));
      }
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        sum += Math.exp(x.get(j) - max);
      }
      double log = Math.log(sum);
      Row o = row(out, i);
      for (int j = 0; j < x.length; j++) {
        o.set(j, x.get(j) - max - log);
      }
    }
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    for (int i = 0; i < out.shape()[0]; i++) {
      Row c = row(cotangent, i);
      Row y = row(output, i);
      double sum = 0;
      for (int j = 0; j < c.length; j++) {
        sum += c.get(j);
      }
      Row o = row(out, i);
      for (int j = 0; j < c.length; j++) {
        o.set(j, c.get(j) - Math.exp(y.get(j)) * sum);
      }
    }
  }

  @Override
  public void pick(View in, View index, View out) {
    int[] columns = RowLoops.checked(index, in.shape()[1]);
    for (int i = 0; i < columns.length; i++) {
      data(out).set(out.offset() + i * out.strides()[0], row(in, i).get(columns[i]));
    }
  }

  @Override
  public void scatter(View in, View index, View out) {
    int[] columns = RowLoops.checked(index, out.shape()[1]);
    fill(0, out);
    for (int i = 0; i < columns.length; i++) {
      row(out, i).set(columns[i], data(in).get(in.offset() + i * in.strides()[0]));
    }
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    double[] values = RandomNumbersOnHost.draw(distribution, seed, stream, out.size());
    ReferenceStorage o = data(out);
    for (int i = 0; i < values.length; i++) {
      o.set(out.offset() + i, values[i]);
    }
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    ConvolutionLoops.run(pass, form, a, b, out);
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    PoolingLoops.max(form, x, y, index);
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    PoolingLoops.scatter(in, index, out);
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    PoolingLoops.gather(in, index, out);
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    PoolingLoops.average(form, in, out);
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    PoolingLoops.averageAdjoint(form, in, out);
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    BatchNormLoops.forward(eps, x, gamma, beta, y, mean, invStd);
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    BatchNormLoops.backward(dy, x, gamma, mean, invStd, dx, dGamma, dBeta);
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    RowLoops.gather(table, index, out);
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    RowLoops.scatter(in, index, out);
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    ContiguousElements position = ContiguousElements.of(counter);
    ContiguousElements mask = ContiguousElements.of(out);
    long stream = Integer.toUnsignedLong(position.at(0));
    double[] values = RandomNumbersOnHost.mask(keep, seed, stream, out.size());
    for (int i = 0; i < values.length; i++) {
      mask.set(i, values[i]);
    }
    position.set(0, position.at(0) + 1);
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return new RecurrentLoops(form).reserve();
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    new RecurrentLoops(form).forward(in, out);
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    new RecurrentGradLoops(form, in, out).run(out);
  }

  @Override
  public boolean fusesAffine() {
    return true;
  }

  /** The definition, rounded where it rounds. */
  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    gemm(x, w.transposed(), 0, out);
    binary(
        BinaryOp.ADD,
        out,
        new View(bias.storage(), bias.offset(), out.shape(), new int[] {0, bias.strides()[0]}),
        out);
    switch (epilogue) {
      case NONE -> {}
      case TANH -> unary(UnaryOp.TANH, out, out);
      case RELU -> unary(UnaryOp.RELU, out, out);
      case SIGMOID -> unary(UnaryOp.SIGMOID, out, out);
    }
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    switch (epilogue) {
      case NONE -> copy(cotangent, sums);
      case TANH -> binary(BinaryOp.TANH_GRAD, cotangent, output, sums);
      case RELU -> binary(BinaryOp.RELU_GRAD, cotangent, output, sums);
      case SIGMOID -> binary(BinaryOp.SIGMOID_GRAD, cotangent, output, sums);
    }
    int n = bias.shape()[0];
    reduce(
        ReduceOp.SUM,
        sums,
        new View(bias.storage(), bias.offset(), new int[] {1, n}, new int[] {n, 1}));
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return false;
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    throw new IllegalArgumentException("the reference backend has no fused kernel: " + kernel);
  }

  @Override
  public void synchronize() {
    // Everything is done when its call returns.
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private static Row row(View matrix, int i) {
    return new Row(
        data(matrix),
        matrix.offset() + i * matrix.strides()[0],
        matrix.strides()[1],
        matrix.shape()[1]);
  }

  private record Row(ReferenceStorage buffer, int start, int stride, int length) {
    double get(int j) {
      return buffer.get(start + j * stride);
    }

    void set(int j, double value) {
      buffer.set(start + j * stride, value);
    }
  }
}
