package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Pooling;

/** Pooling, window by window. */
final class PoolingLoops {

  private final Pooling form;
  private final int height;
  private final int width;
  private final int planes;

  private PoolingLoops(Pooling form, View images) {
    this.form = form;
    this.planes = images.shape()[0] * images.shape()[1];
    this.height = images.shape()[2];
    this.width = images.shape()[3];
  }

  /** Receives a window's number and the place of one of its elements, both in the whole tensor. */
  private interface Visitor {
    void visit(int window, int element);
  }

  private void each(Visitor visitor) {
    int rows = form.outputHeight(height);
    int columns = form.outputWidth(width);
    for (int plane = 0; plane < planes; plane++) {
      for (int p = 0; p < rows; p++) {
        for (int q = 0; q < columns; q++) {
          window(plane, p, q, (plane * rows + p) * columns + q, visitor);
        }
      }
    }
  }

  private void window(int plane, int p, int q, int number, Visitor visitor) {
    int top = p * form.strideHeight() - form.padHeight();
    int left = q * form.strideWidth() - form.padWidth();
    for (int h = Math.max(top, 0); h < Math.min(top + form.windowHeight(), height); h++) {
      for (int w = Math.max(left, 0); w < Math.min(left + form.windowWidth(), width); w++) {
        visitor.visit(number, (plane * height + h) * width + w);
      }
    }
  }

  static void max(Pooling form, View x, View y, View index) {
    ContiguousElements in = ContiguousElements.of(x);
    ContiguousElements out = ContiguousElements.of(y);
    ContiguousElements where = ContiguousElements.of(index);
    int[] best = new int[y.size()];
    java.util.Arrays.fill(best, -1);
    new PoolingLoops(form, x)
        .each(
            (window, element) -> {
              if (best[window] < 0 || beats(in.get(element), in.get(best[window]))) {
                best[window] = element;
              }
            });
    int plane = x.shape()[2] * x.shape()[3];
    for (int i = 0; i < best.length; i++) {
      out.set(i, in.get(best[i]));
      where.set(i, best[i] % plane);
    }
  }

  /** NaN is largest; what comes first stays. */
  private static boolean beats(double challenger, double holder) {
    return challenger > holder || (Double.isNaN(challenger) && !Double.isNaN(holder));
  }

  static void scatter(View in, View index, View out) {
    ContiguousElements x = ContiguousElements.of(in);
    ContiguousElements where = ContiguousElements.of(index);
    double[] sums = new double[out.size()];
    for (int i = 0; i < in.size(); i++) {
      sums[place(in, i, out, where)] += x.get(i);
    }
    ContiguousElements.of(out).setAll(sums);
  }

  static void gather(View in, View index, View out) {
    ContiguousElements x = ContiguousElements.of(in);
    ContiguousElements where = ContiguousElements.of(index);
    ContiguousElements y = ContiguousElements.of(out);
    for (int i = 0; i < out.size(); i++) {
      y.set(i, x.get(place(out, i, in, where)));
    }
  }

  /** Where element i of the windows' tensor came from in the images' tensor. */
  private static int place(View windows, int i, View images, ContiguousElements where) {
    int plane = i / (windows.shape()[2] * windows.shape()[3]);
    return plane * images.shape()[2] * images.shape()[3] + where.at(i);
  }

  static void average(Pooling form, View in, View out) {
    ContiguousElements x = ContiguousElements.of(in);
    double[] sums = new double[out.size()];
    new PoolingLoops(form, in).each((window, element) -> sums[window] += x.get(element));
    store(form, sums, out);
  }

  static void averageAdjoint(Pooling form, View in, View out) {
    ContiguousElements x = ContiguousElements.of(in);
    double[] sums = new double[out.size()];
    new PoolingLoops(form, out).each((window, element) -> sums[element] += x.get(window));
    store(form, sums, out);
  }

  private static void store(Pooling form, double[] sums, View out) {
    ContiguousElements y = ContiguousElements.of(out);
    for (int i = 0; i < sums.length; i++) {
      y.set(i, sums[i] / (form.windowHeight() * form.windowWidth()));
    }
  }
}
