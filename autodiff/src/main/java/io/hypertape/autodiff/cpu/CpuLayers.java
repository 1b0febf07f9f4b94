package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.PoolingShape;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** Calls of whole layers, with their operands made of views. */
final class CpuLayers {

  private final Kernels kernels;

  CpuLayers(Kernels kernels) {
    this.kernels = kernels;
  }

  Call convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    Convolutions room = kernels.convolutions();
    Floats first = Operands.floats(a);
    Floats second = Operands.floats(b);
    Floats result = Operands.floats(out);
    return switch (pass) {
      case FORWARD -> {
        FixedFilters fixed = ((ArrayStorage.Floats) b.storage()).filters();
        yield fixed != null && fixed.values().length() == b.size()
            ? room.forward(shape(form, a, b), first, fixed, result)
            : room.forward(shape(form, a, b), first, second, result);
      }
      case DATA -> room.data(shape(form, out, b), first, second, result);
      case FILTER -> room.filter(shape(form, a, out), first, second, result);
    };
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

  Call maxPool(Pooling form, View x, View y, View index) {
    return kernels
        .layers()
        .maxPool(shape(form, x), Operands.floats(x), Operands.floats(y), Operands.ints(index));
  }

  Call maxPoolScatter(Pooling form, View in, View index, View out) {
    return kernels
        .layers()
        .maxPoolScatter(
            shape(form, out), Operands.floats(in), Operands.ints(index), Operands.floats(out));
  }

  Call maxPoolGather(Pooling form, View in, View index, View out) {
    return kernels
        .layers()
        .maxPoolGather(
            shape(form, in), Operands.floats(in), Operands.ints(index), Operands.floats(out));
  }

  Call averagePool(Pooling form, View in, View out) {
    return kernels.layers().averagePool(shape(form, in), Operands.floats(in), Operands.floats(out));
  }

  Call averagePoolAdjoint(Pooling form, View in, View out) {
    return kernels
        .layers()
        .averagePoolAdjoint(shape(form, out), Operands.floats(in), Operands.floats(out));
  }

  private static BatchNorm.Shape batch(View x) {
    int[] n = x.shape();
    return new BatchNorm.Shape(n[0], n[1], n[2] * n[3]);
  }

  private static BatchNorm.Statistics statistics(View mean, View invStd) {
    return new BatchNorm.Statistics(Operands.floats(mean), Operands.floats(invStd));
  }

  Call batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    return kernels
        .layers()
        .batchNorm(
            new BatchNorm.Forward(
                batch(x),
                eps,
                Operands.floats(x),
                Operands.floats(gamma),
                Operands.floats(beta),
                Operands.floats(y),
                statistics(mean, invStd)));
  }

  Call scaled(View[] in, DenseActivation activation, View out) {
    return kernels
        .layers()
        .scaled(
            new BatchNorm.Scaled(
                batch(in[0]),
                Operands.floats(in[0]),
                Operands.floats(in[1]),
                Operands.floats(in[2]),
                in.length > 3 ? Operands.floats(in[3]) : Floats.of(),
                activation,
                Operands.floats(out)));
  }

  Call batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    return kernels
        .layers()
        .batchNormGrad(
            new BatchNorm.Backward(
                batch(x),
                Operands.floats(dy),
                Operands.floats(x),
                Operands.floats(gamma),
                statistics(mean, invStd),
                Operands.floats(dx),
                Operands.floats(dGamma),
                Operands.floats(dBeta)));
  }
}
