package io.hypertape.kernels;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Run by {@link UpdateBitsTest}: hashes of all updates, in the mode that it is given. */
final class UpdateBits {

  private static final int[] LENGTHS = {1, 2, 7, 15, 16, 17, 100, 4095, 4096, 4111, 8200, 20_001};

  private UpdateBits() {}

  public static void main(String[] args) {
    try (Kernels kernels = Kernels.open(KernelMode.valueOf(args[0]), 1)) {
      for (UpdateOp update : UpdateOp.values()) {
        for (int n : LENGTHS) {
          System.out.println(update + " " + n + " " + hash(kernels, update, n));
        }
      }
    }
  }

  /** Of new values and sums; inputs are normal, mean squares among them not negative. */
  private static int hash(Kernels kernels, UpdateOp update, int n) {
    Random random = new Random(31L * n + update.ordinal());
    int inputs = update.inputs().size();
    int offset = random.nextInt(5);
    Floats[] vectors = new Floats[update.vectors().size()];
    for (int i = 0; i < vectors.length; i++) {
      float[] array = new float[n + offset];
      boolean square = i < inputs && List.of("v", "G", "s").contains(update.inputs().get(i));
      for (int j = 0; j < n && i < inputs; j++) {
        float x = (float) random.nextGaussian();
        array[offset + j] = square ? j % 7 == 3 ? 0 : x * x : x;
      }
      vectors[i] = new Floats(array, offset, n);
    }
    double[] scalars = new double[update.scalars().size()];
    Arrays.setAll(scalars, i -> update.isDecay(i) ? 0.9 + 0.05 * i : 0.3 * (i + 1));
    float[] sums = new float[update.sums()];
    kernels.updates().of(update, scalars, sums, vectors).run();
    int hash = Arrays.hashCode(sums);
    for (int i = inputs; i < vectors.length; i++) {
      hash = 31 * hash + Arrays.hashCode(vectors[i].array());
    }
    return hash;
  }
}
