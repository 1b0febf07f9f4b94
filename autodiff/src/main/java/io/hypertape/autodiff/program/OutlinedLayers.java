package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** The layers' kernels of an {@link Outline}. */
abstract class OutlinedLayers implements Backend {

  private final Backend real;

  OutlinedLayers(Backend real) {
    this.real = real;
  }

  /** Takes a piece of work down. */
  abstract void add(Step step);

  static Step step(Step.Call call, View[] reads, View... writes) {
    return new Step(call, reads, writes, Step.Kind.OTHER);
  }

  static View[] reads(View... views) {
    return views;
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return real.has(kernel);
  }

  @Override
  public void logSoftmax(View in, View out) {
    add(step((on, r, w) -> on.logSoftmax(r[0], w[0]), reads(in), out));
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    add(step((on, r, w) -> on.logSoftmaxGrad(r[0], r[1], w[0]), reads(cotangent, output), out));
  }

  @Override
  public void pick(View in, View index, View out) {
    add(step((on, r, w) -> on.pick(r[0], r[1], w[0]), reads(in, index), out));
  }

  @Override
  public void scatter(View in, View index, View out) {
    add(step((on, r, w) -> on.scatter(r[0], r[1], w[0]), reads(in, index), out));
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    add(step((on, r, w) -> on.random(distribution, seed, stream, w[0]), reads(), out));
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    add(step((on, r, w) -> on.convolution(pass, form, r[0], r[1], w[0]), reads(a, b), out));
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    add(step((on, r, w) -> on.maxPool(form, r[0], w[0], w[1]), reads(x), y, index));
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    add(step((on, r, w) -> on.maxPoolScatter(form, r[0], r[1], w[0]), reads(in, index), out));
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    add(step((on, r, w) -> on.maxPoolGather(form, r[0], r[1], w[0]), reads(in, index), out));
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    add(step((on, r, w) -> on.averagePool(form, r[0], w[0]), reads(in), out));
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    add(step((on, r, w) -> on.averagePoolAdjoint(form, r[0], w[0]), reads(in), out));
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    add(
        step(
            (on, r, w) -> on.batchNorm(eps, r[0], r[1], r[2], w[0], w[1], w[2]),
            reads(x, gamma, beta),
            y,
            mean,
            invStd));
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    add(
        step(
            (on, r, w) -> on.batchNormGrad(r[0], r[1], r[2], r[3], r[4], w[0], w[1], w[2]),
            reads(dy, x, gamma, mean, invStd),
            dx,
            dGamma,
            dBeta));
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    add(step((on, r, w) -> on.gatherRows(r[0], r[1], w[0]), reads(table, index), out));
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    add(step((on, r, w) -> on.scatterRows(r[0], r[1], w[0]), reads(in, index), out));
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    add(step((on, r, w) -> on.dropoutMask(keep, seed, w[0], w[1]), reads(counter), counter, out));
  }

  @Override
  public boolean readsOneHot() {
    return real.readsOneHot();
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return real.recurrentReserve(form);
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    add(step((on, r, w) -> on.recurrent(form, r, w), in, out));
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    add(step((on, r, w) -> on.recurrentGrad(form, r, w), in, out));
  }
}
