package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;

/**
 * The three products of a convolution as one loop over all (image, filter, window, tap) that meet:
 * each adds a product of two of x, w and y into the third.
 */
final class ConvolutionLoops {

  private final Convolution form;
  private final int[] x;
  private final int[] w;
  private final int[] y;

  private ConvolutionLoops(Convolution form, int[] x, int[] w, int[] y) {
    this.form = form;
    this.x = x;
    this.w = w;
    this.y = y;
  }

  /** Receives places in x, w and y whose product belongs to the sum. */
  private interface Visitor {
    void visit(int x, int w, int y);
  }

  static void run(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    ContiguousElements p = ContiguousElements.of(a);
    ContiguousElements q = ContiguousElements.of(b);
    double[] sums = new double[out.size()];
    switch (pass) {
      case FORWARD ->
          new ConvolutionLoops(form, a.shape(), b.shape(), out.shape())
              .each((x, w, y) -> sums[y] += p.get(x) * q.get(w));
      case DATA ->
          new ConvolutionLoops(form, out.shape(), b.shape(), a.shape())
              .each((x, w, y) -> sums[x] += p.get(y) * q.get(w));
      case FILTER ->
          new ConvolutionLoops(form, a.shape(), out.shape(), b.shape())
              .each((x, w, y) -> sums[w] += p.get(x) * q.get(y));
    }
    ContiguousElements.of(out).setAll(sums);
  }

  private void each(Visitor visitor) {
    int filtersAGroup = w[0] / form.groups();
    for (int n = 0; n < y[0]; n++) {
      for (int k = 0; k < y[1]; k++) {
        int firstChannel = k / filtersAGroup * w[1];
        for (int c = 0; c < w[1]; c++) {
          plane((n * x[1] + firstChannel + c), k * w[1] + c, n * y[1] + k, visitor);
        }
      }
    }
  }

  /** One channel of an image, one of a filter, and the channel of the output that they add to. */
  private void plane(int xPlane, int wPlane, int yPlane, Visitor visitor) {
    for (int p = 0; p < y[2]; p++) {
      for (int q = 0; q < y[3]; q++) {
        for (int r = 0; r < w[2]; r++) {
          for (int s = 0; s < w[3]; s++) {
            int h = p * form.strideHeight() - form.padHeight() + r * form.dilationHeight();
            int v = q * form.strideWidth() - form.padWidth() + s * form.dilationWidth();
            if (h >= 0 && h < x[2] && v >= 0 && v < x[3]) {
              visitor.visit(
                  (xPlane * x[2] + h) * x[3] + v,
                  (wPlane * w[2] + r) * w[3] + s,
                  (yPlane * y[2] + p) * y[3] + q);
            }
          }
        }
      }
    }
  }
}
