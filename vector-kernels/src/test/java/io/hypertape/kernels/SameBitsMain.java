package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.Arrays;
import java.util.Random;

/**
 * Run by {@link SameBitsTest} in virtual machines with vectors of several lengths and with none:
 * batch normalization, pooling and convolutions of random shapes; prints the hash of each result.
 */
final class SameBitsMain {
  private static final int SHAPES = 40;

  private final Random random = new Random(5);

  private SameBitsMain() {}

  public static void main(String[] args) {
    SameBitsMain all = new SameBitsMain();
    try (Kernels kernels = Kernels.open(KernelMode.valueOf(args[0]), 1)) {
      for (int i = 0; i < SHAPES; i++) {
        all.batchNorm(kernels.layers(), all.planes());
        all.batchNorm(kernels.layers(), all.features());
        all.pooling(kernels.layers());
        all.convolution(kernels.convolutions(), all.convolutionShape());
      }
      // Sums of many taps, and of many pieces of images.
      for (int i = 0; i < 3; i++) {
        int image = 5 + all.random.nextInt(30);
        all.convolution(
            kernels.convolutions(),
            new ConvolutionShape(3, 120, image, 6, 130, 3, 3, 1 + i % 2, 1, 1, 1, 1, 1, 1));
        all.convolution(
            kernels.convolutions(),
            new ConvolutionShape(80 + 9 * i, 2, 40, image, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1));
      }
      all.convolution(
          kernels.convolutions(),
          new ConvolutionShape(70, 1, 120, 120, 1, 2, 2, 1, 1, 0, 0, 1, 1, 1));
    }
  }

  /** Few are special: what is infinite or not a number hides the order of a sum. */
  private Floats numbers(int n) {
    int from = random.nextInt(4);
    float shift = random.nextInt(3) == 0 ? 10 : 0;
    float[] x = new float[from + n + random.nextInt(3) * 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() + shift;
    }
    if (random.nextInt(10) == 0 && n > 0) {
      float[] special = {-0f, 0, 1e-40f, -1e-30f, 1e30f, Float.NaN, Float.NEGATIVE_INFINITY};
      int most = random.nextInt(special.length + 1);
      for (int i = 0; i < 2 * most; i++) {
        x[from + random.nextInt(n)] = special[i / 2];
      }
    }
    if (random.nextInt(20) == 0) {
      // Products vanish, with both signs.
      for (int i = 0; i < x.length; i++) {
        x[i] *= 1e-25f;
      }
    }
    return new Floats(x, from, n);
  }

  private static void record(String name, Object shape, Floats... out) {
    int hash = 0;
    for (Floats x : out) {
      hash = 31 * hash + Arrays.hashCode(x.array());
    }
    System.out.println(name + " " + shape + " " + hash);
  }

  private BatchNorm.Shape planes() {
    int plane = random.nextInt(4) == 0 ? 1 + random.nextInt(5000) : 2 + random.nextInt(90);
    int batch = 1 + random.nextInt(plane > 90 ? 4 : 70);
    return new BatchNorm.Shape(batch, 1 + random.nextInt(3), plane);
  }

  private BatchNorm.Shape features() {
    int batch = 1 + random.nextInt(random.nextInt(4) == 0 ? 600 : 40);
    return new BatchNorm.Shape(batch, 1 + random.nextInt(40), 1);
  }

  private void batchNorm(Layers layers, BatchNorm.Shape s) {
    int n = s.batch() * s.channels() * s.plane();
    int c = s.channels();
    Floats x = numbers(n);
    Floats gamma = numbers(c);
    Floats y = numbers(n);
    var statistics = new BatchNorm.Statistics(numbers(c), numbers(c));
    layers.batchNorm(new BatchNorm.Forward(s, 1e-5, x, gamma, numbers(c), y, statistics)).run();
    Floats dx = numbers(n);
    Floats dGamma = numbers(c);
    Floats dBeta = numbers(c);
    layers
        .batchNormGrad(
            new BatchNorm.Backward(s, numbers(n), x, gamma, statistics, dx, dGamma, dBeta))
        .run();
    String kind = s.plane() == 1 ? "features" : "planes";
    record(kind, s, y, statistics.mean(), statistics.invStd());
    record(kind + " backward", s, dx, dGamma, dBeta);
  }

  private int[] pooled(int length, boolean whole) {
    int window = whole ? length : 1 + random.nextInt(Math.min(length, 5));
    if (random.nextInt(20) == 0) {
      window = length;
    }
    int pad = whole ? 0 : random.nextInt(window / 2 + 1);
    return new int[] {window, 1 + random.nextInt(3), pad};
  }

  private void pooling(Layers layers) {
    int height = 1 + random.nextInt(30);
    int width = 1 + random.nextInt(60);
    boolean whole = random.nextInt(8) == 0;
    int[] h = pooled(height, whole);
    int[] w = pooled(width, whole);
    var s =
        new PoolingShape(1 + random.nextInt(3), height, width, h[0], w[0], h[1], w[1], h[2], w[2]);
    int n = s.planes() * s.plane();
    int m = s.planes() * s.outPlane();
    Floats x = numbers(n);
    Floats y = numbers(m);
    Ints index = Ints.of(new int[m]);
    layers.maxPool(s, x, y, index).run();
    record("maximum", s, y);
    System.out.println("indices " + s + " " + Arrays.hashCode(index.array()));
    Floats dx = numbers(n);
    layers.maxPoolScatter(s, numbers(m), index, dx).run();
    record("scatter", s, dx);
    layers.averagePool(s, x, y).run();
    boolean global = h[0] == height && w[0] == width && h[2] + w[2] == 0;
    record(global ? "global average" : "average", s, y);
    layers.averagePoolAdjoint(s, numbers(m), dx).run();
    record("average adjoint", s, dx);
  }

  private ConvolutionShape convolutionShape() {
    int groups = random.nextInt(10) < 7 ? 1 : 1 + random.nextInt(3);
    int filterHeight = 1 + random.nextInt(4);
    int filterWidth = 1 + random.nextInt(4);
    int dilationHeight = 1 + random.nextInt(2);
    int dilationWidth = 1 + random.nextInt(2);
    return new ConvolutionShape(
        1 + random.nextInt(9),
        groups * (1 + random.nextInt(6)),
        dilationHeight * (filterHeight - 1) + 1 + random.nextInt(20),
        dilationWidth * (filterWidth - 1) + 1 + random.nextInt(35),
        groups * (1 + random.nextInt(12)),
        filterHeight,
        filterWidth,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        random.nextInt(4),
        random.nextInt(4),
        dilationHeight,
        dilationWidth,
        groups);
  }

  private void convolution(Convolutions room, ConvolutionShape s) {
    Floats x = numbers(s.batch() * s.channels() * s.plane());
    Floats w = numbers(s.filters() * s.groupChannels() * s.filterPlane());
    Floats y = numbers(s.batch() * s.filters() * s.outPlane());
    Floats dy = numbers(y.length());
    room.forward(s, x, w, y).run();
    record("convolution", s, y);
    Floats dx = numbers(x.length());
    room.data(s, dy, w, dx).run();
    record("convolution's data", s, dx);
    Floats dw = numbers(w.length());
    room.filter(s, x, dy, dw).run();
    record("convolution's filters", s, dw);
  }
}
