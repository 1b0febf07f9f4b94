package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** The layers' kernels. */
abstract class CpuLayerCalls extends CpuCalls {

  private final Kernels kernels;
  private final CpuLayers layers;
  private final RecurrentScratch recurrence = new RecurrentScratch();
  private final DenseLayers dense;

  CpuLayerCalls(Kernels kernels) {
    this.kernels = kernels;
    this.layers = new CpuLayers(kernels);
    this.dense = new DenseLayers(kernels);
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    run(layers.convolution(pass, form, a, b, out));
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    run(layers.maxPool(form, x, y, index));
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    run(layers.maxPoolScatter(form, in, index, out));
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    run(layers.maxPoolGather(form, in, index, out));
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    run(layers.averagePool(form, in, out));
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    run(layers.averagePoolAdjoint(form, in, out));
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    run(layers.batchNorm(eps, x, gamma, beta, y, mean, invStd));
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    run(layers.batchNormGrad(dy, x, gamma, mean, invStd, dx, dGamma, dBeta));
  }

  @Override
  public boolean fusesScaling() {
    return true;
  }

  @Override
  public void scaled(View[] in, Epilogue epilogue, View out) {
    run(layers.scaled(in, DenseLayers.activation(epilogue), out));
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    run(
        kernels
            .layers()
            .gatherRows(Operands.matrix(table), Operands.ints(index), Operands.matrix(out)));
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    run(
        kernels
            .layers()
            .scatterRows(Operands.matrix(in), Operands.ints(index), Operands.matrix(out)));
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    run(kernels.layers().dropoutMask(keep, seed, Operands.ints(counter), Operands.floats(out)));
  }

  @Override
  public boolean readsOneHot() {
    return true;
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return recurrence.layout(form).size();
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    run(RecurrentForward.of(kernels, recurrence, form, in, out));
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    run(RecurrentBackward.of(kernels, recurrence, form, in, out));
  }

  @Override
  public boolean fusesAffine() {
    return true;
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    run(dense.affine(x, w, bias, epilogue, out));
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    run(dense.affineGrad(epilogue, cotangent, output, sums, bias));
  }
}
