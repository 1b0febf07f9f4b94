package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import java.util.List;

/**
 * Batch normalization: kernels for the values and their first derivatives, a definition in ordinary
 * operations for all further ones. Outputs are y, the mean and 1/√(variance + eps).
 */
final class BatchNormOp extends Op {

  private static final String NAME = "batchNorm";

  private final double eps;

  private BatchNormOp(double eps) {
    this.eps = eps;
  }

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
        x.session()
            .apply(
                new BatchNormOp(eps),
                List.of(images.contiguous(), gamma.contiguous(), beta.contiguous()));
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

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    View x = inputs.get(0).view();
    Tensor y = session.allocate(x.shape());
    Tensor mean = session.allocate(x.shape()[1]);
    Tensor invStd = session.allocate(x.shape()[1]);
    session
        .backend()
        .batchNorm(
            eps,
            x,
            inputs.get(1).view(),
            inputs.get(2).view(),
            y.view(),
            mean.view(),
            invStd.view());
    return List.of(y, mean, invStd);
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    return node.output().session().isRecording()
        ? Definition.vjp(this::define, node, cotangents, needed)
        : fromKernel(node, cotangents[0], needed);
  }

  /** Of y alone: the other outputs are never handed out tracked. */
  private List<Tensor> define(List<Tensor> in) {
    Tensor x = in.get(0);
    int[] shape = x.dims();
    double count = (double) shape[0] * shape[2] * shape[3];
    Tensor mean = x.sumTo(1, shape[1], 1, 1).div(count);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.square().sumTo(1, shape[1], 1, 1).div(count);
    Tensor scale = overImages(in.get(1)).div(variance.add(eps).sqrt());
    return List.of(centered.mul(scale).add(overImages(in.get(2))));
  }

  private static Tensor[] fromKernel(Node node, Tensor c, boolean[] needed) {
    Session session = c.session();
    Tensor dx = session.allocate(node.input(0).dims());
    Tensor dGamma = session.allocate(node.input(1).dims());
    Tensor dBeta = session.allocate(node.input(2).dims());
    session
        .backend()
        .batchNormGrad(
            c.denseView(),
            node.input(0).view(),
            node.input(1).view(),
            node.outputs().get(1).view(),
            node.outputs().get(2).view(),
            dx.view(),
            dGamma.view(),
            dBeta.view());
    return new Tensor[] {
      needed[0] ? dx : null, needed[1] ? dGamma : null, needed[2] ? dBeta : null
    };
  }
}
