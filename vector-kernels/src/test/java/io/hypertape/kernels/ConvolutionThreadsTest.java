package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.lanes.Floats;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One, two and three threads: the same bits. */
class ConvolutionThreadsTest {

  static List<ConvolutionShape> shapes() {
    return List.of(
        new ConvolutionShape(9, 16, 32, 32, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionShape(1, 64, 32, 32, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionShape(13, 3, 32, 32, 16, 3, 3, 2, 2, 1, 1, 1, 1, 1),
        new ConvolutionShape(37, 64, 8, 8, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionShape(16, 1, 28, 28, 16, 5, 5, 1, 1, 2, 2, 1, 1, 1),
        new ConvolutionShape(5, 32, 33, 31, 32, 3, 3, 1, 1, 1, 1, 1, 1, 8),
        new ConvolutionShape(4, 96, 32, 32, 96, 5, 5, 1, 1, 2, 2, 1, 1, 96),
        new ConvolutionShape(2, 70, 20, 20, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionShape(1, 512, 7, 7, 512, 1, 1, 1, 1, 0, 0, 1, 1, 1),
        // Single images whose rows are shared.
        new ConvolutionShape(1, 16, 32, 32, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionShape(1, 16, 41, 65, 24, 3, 3, 2, 1, 1, 0, 1, 2, 1),
        new ConvolutionShape(1, 12, 33, 35, 20, 5, 3, 1, 2, 2, 1, 2, 1, 1),
        new ConvolutionShape(1, 16, 34, 33, 36, 3, 3, 1, 1, 0, 0, 1, 1, 2));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void threadsDoNotChangeBits(ConvolutionShape s) {
    float[][] expected = run(s, 1);
    for (int threads = 2; threads <= 3; threads++) {
      float[][] actual = run(s, threads);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(expected[i], actual[i], "product " + i + " of " + s);
      }
    }
  }

  private static float[][] run(ConvolutionShape s, int threads) {
    float[] x = Randoms.normal(s.batch() * s.channels() * s.height() * s.width(), 1);
    int weights = s.filters() * s.channels() / s.groups() * s.filterHeight() * s.filterWidth();
    float[] w = Randoms.normal(weights, 2);
    float[] dy = Randoms.normal(s.batch() * s.filters() * s.outHeight() * s.outWidth(), 3);
    float[][] out = {new float[dy.length], new float[x.length], new float[weights]};
    try (Kernels kernels = Kernels.open(KernelMode.VECTOR, threads)) {
      Convolutions room = kernels.convolutions();
      room.forward(s, Floats.of(x), Floats.of(w), Floats.of(out[0])).run();
      room.data(s, Floats.of(dy), Floats.of(w), Floats.of(out[1])).run();
      room.filter(s, Floats.of(x), Floats.of(dy), Floats.of(out[2])).run();
    }
    return out;
  }
}
