package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.View;
import java.util.List;

/**
 * Batch normalization: kernels for the values and their first derivatives, a definition in ordinary
 * operations for all further ones. Outputs are y, the mean and 1/√(variance + eps).
 */
final class BatchNormOp {

  private static final String NAME = "batchNorm";

  private BatchNormOp() {}

  static NeuralOps.BatchNorm apply(Tensor x, Tensor gamma, Tensor beta, double eps) {
    Tensor images = images(x, eps);
    int channels = images.dims()[1];
    LayerShapes.channels(NAME, "gamma", gamma, channels);
    LayerShapes.channels(NAME, "beta", beta, channels);
    if (x.size() == 0) {
      throw new IllegalArgumentException(
          NAME + ": shape " + Shapes.text(x.dims()) + " has nothing to take a mean of");
    }
    List<Tensor> outputs =
        FusedOp.of(NAME, in -> define(eps, in))
            .withKernel(new Kernel(eps))
            .withGradient(new Gradient())
            .apply(List.of(images.contiguous(), gamma.contiguous(), beta.contiguous()));
    Tensor invStd = outputs.get(2).detach();
    // The inverse of how the kernel had it; rounding must not make it negative.
    Tensor variance = invStd.square().reciprocal().sub(eps).relu();
    return new NeuralOps.BatchNorm(
        outputs.get(0).reshape(x.dims()), outputs.get(1).detach(), variance);
  }

  static Tensor normalize(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps) {
    Tensor images = images(x, eps);
    int channels = images.dims()[1];
    LayerShapes.channels(NAME, "gamma", gamma, channels);
    LayerShapes.channels(NAME, "beta", beta, channels);
    LayerShapes.channels(NAME, "mean", mean, channels);
    LayerShapes.channels(NAME, "variance", variance, channels);
    Tensor scale = gamma.div(variance.add(eps).sqrt());
    Tensor shift = beta.sub(mean.mul(scale));
    return images.mul(overImages(scale)).add(overImages(shift)).reshape(x.dims());
  }

  private static Tensor images(Tensor x, double eps) {
    if (!(eps > 0)) {
      throw new IllegalArgumentException(NAME + ": eps is " + eps + "; it must be above 0");
    }
    if (x.requireFloating(NAME).rank() == 2) {
      return x.reshape(x.dims()[0], x.dims()[1], 1, 1);
    }
    if (x.rank() != 4) {
      throw new IllegalArgumentException(
          NAME
              + ": shape "
              + Shapes.text(x.dims())
              + "; [batch, channels, height, width] or [batch, channels] is needed");
    }
    return x;
  }

  /** [C] as it broadcasts over [N, C, H, W]. */
  private static Tensor overImages(Tensor perChannel) {
    return perChannel.reshape(perChannel.size(), 1, 1);
  }

  /** Mean and inverse deviation are never handed out tracked. */
  private static List<Tensor> define(double eps, List<Tensor> in) {
    Tensor x = in.get(0);
    int[] shape = x.dims();
    double count = (double) shape[0] * shape[2] * shape[3];
    Tensor mean = x.sumTo(1, shape[1], 1, 1).div(count);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.square().sumTo(1, shape[1], 1, 1).div(count);
    Tensor deviation = variance.add(eps).sqrt();
    Tensor scale = overImages(in.get(1)).div(deviation);
    return List.of(
        centered.mul(scale).add(overImages(in.get(2))),
        mean.reshape(shape[1]),
        deviation.reciprocal().reshape(shape[1]));
  }

  private record Kernel(double eps) implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.has(LayerKernel.BATCH_NORM);
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      return List.of(inputs.get(0), inputs.get(1), inputs.get(1));
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.batchNorm(eps, in[0], in[1], in[2], out[0], out[1], out[2]);
    }
  }

  private record Gradient() implements FusedOp.GradientKernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.has(LayerKernel.BATCH_NORM);
    }

    @Override
    public void run(GradientCall call) {
      call.backend()
          .batchNormGrad(
              call.cotangent(0),
              call.input(0),
              call.input(1),
              call.output(1),
              call.output(2),
              call.gradient(0),
              call.gradient(1),
              call.gradient(2));
    }
  }
}
