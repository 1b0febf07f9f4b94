package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.layers.BatchNorm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels' scales and shifts, and what follows: in the bits of the operations, in any parts. */
class ScaledTest {

  @ParameterizedTest
  @CsvSource({"1,16,1024", "1,20,1037", "1,64,64", "1,3,40000", "5,17,1000", "3,4,7"})
  void partsDoNotChangeBits(int batch, int channels, int plane) {
    BatchNorm.Shape s = new BatchNorm.Shape(batch, channels, plane);
    for (DenseActivation activation :
        new DenseActivation[] {DenseActivation.NONE, DenseActivation.RELU}) {
      for (boolean adds : new boolean[] {false, true}) {
        if (adds && activation == DenseActivation.NONE) {
          continue;
        }
        float[] x = Randoms.normal(batch * channels * plane, 1);
        float[] z = Randoms.normal(adds ? x.length : 0, 2);
        float[] scale = Randoms.normal(channels, 3);
        float[] shift = Randoms.normal(channels, 4);
        float[] expected = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          int c = i / plane % channels;
          float product = x[i] * scale[c];
          float sum = product + shift[c];
          float all = adds ? sum + z[i] : sum;
          expected[i] = activation == DenseActivation.RELU ? Math.max(all, 0) : all;
        }
        for (KernelMode mode : KernelMode.values()) {
          for (int threads = 1; threads <= 3; threads++) {
            float[] y = new float[x.length];
            BatchNorm.Scaled o =
                new BatchNorm.Scaled(
                    s,
                    Floats.of(x),
                    Floats.of(scale),
                    Floats.of(shift),
                    Floats.of(z),
                    activation,
                    Floats.of(y));
            try (Kernels kernels = Kernels.open(mode, threads)) {
              kernels.layers().scaled(o).run();
            }
            assertArrayEquals(expected, y, o.activation() + " on " + threads + " threads");
          }
        }
      }
    }
  }
}
