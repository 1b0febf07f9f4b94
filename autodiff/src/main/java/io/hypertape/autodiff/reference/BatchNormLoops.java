package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.View;

/** Batch normalization, channel by channel. */
final class BatchNormLoops {

  private final int images;
  private final int channels;
  private final int plane;

  private BatchNormLoops(View x) {
    images = x.shape()[0];
    channels = x.shape()[1];
    plane = x.shape()[2] * x.shape()[3];
  }

  /** Receives the place of an element of the channel. */
  private interface Visitor {
    void visit(int i);
  }

  private void each(int channel, Visitor visitor) {
    for (int n = 0; n < images; n++) {
      for (int i = 0; i < plane; i++) {
        visitor.visit((n * channels + channel) * plane + i);
      }
    }
  }

  private interface Term {
    double of(int i);
  }

  private double mean(int channel, Term term) {
    double[] sum = {0};
    each(channel, i -> sum[0] += term.of(i));
    return sum[0] / (images * plane);
  }

  static void forward(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    BatchNormLoops loops = new BatchNormLoops(x);
    ContiguousElements in = ContiguousElements.of(x);
    ContiguousElements out = ContiguousElements.of(y);
    for (int c = 0; c < loops.channels; c++) {
      double m = loops.mean(c, in::get);
      double variance = loops.mean(c, i -> (in.get(i) - m) * (in.get(i) - m));
      double inverse = 1 / Math.sqrt(variance + eps);
      double scale = ContiguousElements.of(gamma).get(c) * inverse;
      double shift = ContiguousElements.of(beta).get(c);
      loops.each(c, i -> out.set(i, (in.get(i) - m) * scale + shift));
      ContiguousElements.of(mean).set(c, m);
      ContiguousElements.of(invStd).set(c, inverse);
    }
  }

  // With x̂ = (x − mean)·invStd: β̄ = Σ ȳ, γ̄ = Σ ȳ·x̂, x̄ = γ·invStd·(ȳ − mean(ȳ) −
  // x̂·mean(ȳ·x̂)).
  static void backward(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    BatchNormLoops loops = new BatchNormLoops(x);
    ContiguousElements cotangent = ContiguousElements.of(dy);
    ContiguousElements in = ContiguousElements.of(x);
    ContiguousElements out = ContiguousElements.of(dx);
    int count = loops.images * loops.plane;
    for (int c = 0; c < loops.channels; c++) {
      double m = ContiguousElements.of(mean).get(c);
      double inverse = ContiguousElements.of(invStd).get(c);
      Term normal = i -> (in.get(i) - m) * inverse;
      double meanCotangent = loops.mean(c, cotangent::get);
      double meanProduct = loops.mean(c, i -> cotangent.get(i) * normal.of(i));
      double scale = ContiguousElements.of(gamma).get(c) * inverse;
      loops.each(
          c,
          i -> out.set(i, scale * (cotangent.get(i) - meanCotangent - normal.of(i) * meanProduct)));
      ContiguousElements.of(dGamma).set(c, meanProduct * count);
      ContiguousElements.of(dBeta).set(c, meanCotangent * count);
    }
  }
}
