package io.hypertape.autodiff.cpu;

import static io.hypertape.autodiff.cpu.CpuBackend.floats;
import static io.hypertape.autodiff.cpu.CpuBackend.ints;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.layers.PoolingShape;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** Takes the operands of whole layers apart for the kernels. */
final class CpuLayers {

  private final Kernels kernels;

  CpuLayers(Kernels kernels) {
    this.kernels = kernels;
  }

  void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    switch (pass) {
      case FORWARD ->
          kernels.convolution(
              shape(form, a, b),
              floats(a),
              a.offset(),
              floats(b),
              b.offset(),
              floats(out),
              out.offset());
      case DATA ->
          kernels.convolutionData(
              shape(form, out, b),
              floats(a),
              a.offset(),
              floats(b),
              b.offset(),
              floats(out),
              out.offset());
      case FILTER ->
          kernels.convolutionFilter(
              shape(form, a, out),
              floats(a),
              a.offset(),
              floats(b),
              b.offset(),
              floats(out),
              out.offset());
    }
  }

  private static ConvolutionShape shape(Convolution form, View x, View filters) {
    int[] n = x.shape();
    int[] k = filters.shape();
    return new ConvolutionShape(
        n[0],
        n[1],
        n[2],
        n[3],
        k[0],
        k[2],
        k[3],
        form.strideHeight(),
        form.strideWidth(),
        form.padHeight(),
        form.padWidth(),
        form.dilationHeight(),
        form.dilationWidth(),
        form.groups());
  }

  private static PoolingShape shape(Pooling form, View x) {
    int[] n = x.shape();
    return new PoolingShape(
        n[0] * n[1],
        n[2],
        n[3],
        form.windowHeight(),
        form.windowWidth(),
        form.strideHeight(),
        form.strideWidth(),
        form.padHeight(),
        form.padWidth());
  }

  void maxPool(Pooling form, View x, View y, View index) {
    kernels.maxPool(
        shape(form, x), floats(x), x.offset(), floats(y), y.offset(), ints(index), index.offset());
  }

  void maxPoolScatter(Pooling form, View in, View index, View out) {
    kernels.maxPoolScatter(
        shape(form, out),
        floats(in),
        in.offset(),
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  void maxPoolGather(Pooling form, View in, View index, View out) {
    kernels.maxPoolGather(
        shape(form, in),
        floats(in),
        in.offset(),
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  void averagePool(Pooling form, View in, View out) {
    kernels.averagePool(shape(form, in), floats(in), in.offset(), floats(out), out.offset());
  }

  void averagePoolAdjoint(Pooling form, View in, View out) {
    kernels.averagePoolAdjoint(
        shape(form, out), floats(in), in.offset(), floats(out), out.offset());
  }

  void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    int[] n = x.shape();
    kernels.batchNorm(
        n[0],
        n[1],
        n[2] * n[3],
        eps,
        floats(x),
        x.offset(),
        floats(gamma),
        gamma.offset(),
        floats(beta),
        beta.offset(),
        floats(y),
        y.offset(),
        floats(mean),
        mean.offset(),
        floats(invStd),
        invStd.offset());
  }

  void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    int[] n = x.shape();
    kernels.batchNormGrad(
        n[0],
        n[1],
        n[2] * n[3],
        floats(dy),
        dy.offset(),
        floats(x),
        x.offset(),
        floats(gamma),
        gamma.offset(),
        floats(mean),
        mean.offset(),
        floats(invStd),
        invStd.offset(),
        floats(dx),
        dx.offset(),
        floats(dGamma),
        dGamma.offset(),
        floats(dBeta),
        dBeta.offset());
  }

  void gatherRows(View table, View index, View out) {
    kernels.gatherRows(
        out.shape()[0],
        table.shape()[0],
        table.shape()[1],
        floats(table),
        table.offset(),
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  void scatterRows(View in, View index, View out) {
    kernels.scatterRows(
        in.shape()[0],
        out.shape()[0],
        out.shape()[1],
        floats(in),
        in.offset(),
        ints(index),
        index.offset(),
        floats(out),
        out.offset());
  }

  void dropoutMask(double keep, long seed, View counter, View out) {
    int[] count = ints(counter);
    long stream = Integer.toUnsignedLong(count[counter.offset()]);
    kernels.dropoutMask(keep, seed, stream, floats(out), out.offset(), out.size());
    count[counter.offset()]++;
  }
}
