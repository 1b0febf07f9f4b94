package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Fma;
import java.util.Arrays;

/**
 * Adaptive updates in plain loops: the scalar twin of {@link VectorAdaptive}, and what takes its
 * last elements, which fill no vector. New values have the same bits; sums are added in double
 * precision.
 */
public final class ScalarAdaptive implements AdaptiveKernels {

  private final float[] factors = new float[AdaptiveFactors.MOST];
  private final double[] totals = new double[AdaptiveRows.MOST_SUMS];

  @Override
  public void adaptive(
      AdaptiveUpdate update,
      int n,
      float[][] vectors,
      int[] offsets,
      double[] scalars,
      float[] sums) {
    AdaptiveFactors.fill(update, scalars, factors);
    Arrays.fill(totals, 0);
    run(update, factors, 0, n, vectors, offsets, totals);
    for (int k = 0; k < update.sums(); k++) {
      sums[k] = (float) totals[k];
    }
  }

  /** Elements from one to another; adds to the sums. */
  public static void run(
      AdaptiveUpdate update, float[] f, int from, int to, float[][] v, int[] off, double[] sums) {
    switch (update) {
      case PRODIGY_TERMS -> prodigyTerms(f, from, to, v, off, sums);
      case DADAPT_ADAM_TERMS -> dadaptAdamTerms(f, from, to, v, off, sums);
      case DADAPT_SGD_TERMS -> dadaptSgdTerms(f, from, to, v, off, sums);
      case DISTANCE_TERMS -> distanceTerms(from, to, v, off, sums);
      case MECHANIC_TERMS -> mechanicTerms(from, to, v, off, sums);
      case MEANS_STEP -> meansStep(f, from, to, v, off);
      case SCHEDULE_FREE_SGD -> scheduleFreeSgd(f, from, to, v, off);
      case SCHEDULE_FREE_ADAM -> scheduleFreeAdam(f, from, to, v, off);
      case GRADIENT_TERMS -> gradientTerms(from, to, v, off, sums);
      case SCALED_STEP -> scaledStep(f, from, to, v, off);
      case SCALED_MOMENTUM -> scaledMomentum(f, from, to, v, off);
    }
  }

  /** As {@link SplitDecay#mean}, of a decay's parts at a place. */
  private static float mean(float[] f, int at, float mean, float x) {
    return Fma.fma(mean, f[at], Fma.fma(mean, f[at + 1], x * f[at + 2]));
  }

  private static void prodigyTerms(
      float[] f, int from, int to, float[][] v, int[] off, double[] sums) {
    double inner = 0;
    double size = 0;
    for (int i = from; i < to; i++) {
      float p = v[0][off[0] + i];
      float g = v[1][off[1] + i];
      float scaled = g * f[0];
      float square = v[3][off[3] + i];
      float s = v[4][off[4] + i];
      float x0 = v[5][off[5] + i];
      v[6][off[6] + i] = mean(f, 2, v[2][off[2] + i], scaled);
      v[7][off[7] + i] = mean(f, 5, square, scaled * scaled);
      float next = Fma.fma(s, f[8], Fma.fma(s, f[9], g * f[1]));
      v[8][off[8] + i] = next;
      inner += (x0 - p) * g;
      size += Math.abs(next);
    }
    sums[0] += inner;
    sums[1] += size;
  }

  private static void dadaptAdamTerms(
      float[] f, int from, int to, float[][] v, int[] off, double[] sums) {
    double inner = 0;
    double size = 0;
    for (int i = from; i < to; i++) {
      float g = v[0][off[0] + i];
      float square = v[2][off[2] + i];
      float s = v[3][off[3] + i];
      float scaled = g * f[0];
      v[4][off[4] + i] = mean(f, 2, v[1][off[1] + i], scaled);
      v[5][off[5] + i] = mean(f, 5, square, g * g);
      float next = mean(f, 8, s, scaled);
      v[6][off[6] + i] = next;
      inner += s / ((float) Math.sqrt(square) + f[1]) * scaled;
      size += Math.abs(next);
    }
    sums[0] += inner;
    sums[1] += size;
  }

  private static void dadaptSgdTerms(
      float[] f, int from, int to, float[][] v, int[] off, double[] sums) {
    double inner = 0;
    double size = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      float scaled = v[0][off[0] + i] * f[0];
      float raw = v[1][off[1] + i];
      float s = v[2][off[2] + i];
      float next = s + scaled;
      v[3][off[3] + i] = next;
      inner += scaled * s;
      size += next * next;
      squares += raw * raw;
    }
    sums[0] += inner;
    sums[1] += size;
    sums[2] += squares;
  }

  private static void distanceTerms(int from, int to, float[][] v, int[] off, double[] sums) {
    double squares = 0;
    double moved = 0;
    double began = 0;
    for (int i = from; i < to; i++) {
      float g = v[1][off[1] + i];
      float x0 = v[2][off[2] + i];
      float away = v[0][off[0] + i] - x0;
      squares += g * g;
      moved += away * away;
      began += x0 * x0;
    }
    sums[0] += squares;
    sums[1] += moved;
    sums[2] += began;
  }

  private static void mechanicTerms(int from, int to, float[][] v, int[] off, double[] sums) {
    double gradients = 0;
    double weights = 0;
    double along = 0;
    double decay = 0;
    for (int i = from; i < to; i++) {
      float g = v[1][off[1] + i];
      float q = v[2][off[2] + i];
      float next = v[3][off[3] + i] + (q - v[0][off[0] + i]);
      gradients += g * g;
      weights += q * q;
      along += v[3][off[3] + i] * g;
      decay += v[3][off[3] + i] * q;
      v[4][off[4] + i] = next;
    }
    sums[0] += gradients;
    sums[1] += weights;
    sums[2] += along;
    sums[3] += decay;
  }

  private static void meansStep(float[] f, int from, int to, float[][] v, int[] off) {
    for (int i = from; i < to; i++) {
      float root = (float) Math.sqrt(v[2][off[2] + i]) + f[1];
      v[3][off[3] + i] = v[0][off[0] + i] - v[1][off[1] + i] / root * f[0];
    }
  }

  private static void scheduleFreeSgd(float[] f, int from, int to, float[][] v, int[] off) {
    for (int i = from; i < to; i++) {
      float y = v[0][off[0] + i];
      float z = v[2][off[2] + i];
      float down = v[1][off[1] + i] * f[0] + y * f[1];
      float moved = z - down;
      v[3][off[3] + i] = moved + (down + (y - z) / f[2]) * f[3];
      v[4][off[4] + i] = moved;
    }
  }

  private static void scheduleFreeAdam(float[] f, int from, int to, float[][] v, int[] off) {
    for (int i = from; i < to; i++) {
      float y = v[0][off[0] + i];
      float g = v[1][off[1] + i];
      float z = v[2][off[2] + i];
      float square = mean(f, 6, v[3][off[3] + i], g * g);
      float root = (float) Math.sqrt(square * f[5]) + f[4];
      float down = g / root * f[0] + y * f[1];
      float moved = z - down;
      v[4][off[4] + i] = moved + (down + (y - z) / f[2]) * f[3];
      v[5][off[5] + i] = moved;
      v[6][off[6] + i] = square;
    }
  }

  private static void gradientTerms(int from, int to, float[][] v, int[] off, double[] sums) {
    double squares = 0;
    double first = 0;
    double second = 0;
    double size = 0;
    for (int i = from; i < to; i++) {
      float g = v[0][off[0] + i];
      float b = v[2][off[2] + i];
      squares += g * g;
      first += v[1][off[1] + i] * g;
      second += b * g;
      size += b * b;
    }
    sums[0] += squares;
    sums[1] += first;
    sums[2] += second;
    sums[3] += size;
  }

  private static void scaledStep(float[] f, int from, int to, float[][] v, int[] off) {
    for (int i = from; i < to; i++) {
      float p = v[0][off[0] + i];
      float g = v[1][off[1] + i];
      float h = -(g * v[2][off[2] + i]) / f[1];
      float sum = v[4][off[4] + i] + h * h;
      float scale = v[3][off[3] + i] - h * f[0] / ((float) Math.sqrt(sum) + f[2]);
      v[5][off[5] + i] = p - g * scale;
      v[6][off[6] + i] = scale;
      v[7][off[7] + i] = sum;
    }
  }

  private static void scaledMomentum(float[] f, int from, int to, float[][] v, int[] off) {
    for (int i = from; i < to; i++) {
      float p = v[0][off[0] + i];
      float g = v[1][off[1] + i];
      float h = -(g * v[2][off[2] + i]) / f[1];
      float sum = v[4][off[4] + i] + h * h;
      float scale = v[3][off[3] + i] - h * f[0] / ((float) Math.sqrt(sum) + f[2]);
      float moved = p - v[5][off[5] + i];
      v[6][off[6] + i] = (p - g * scale) + moved * f[3];
      v[7][off[7] + i] = scale;
      v[8][off[8] + i] = sum;
      v[9][off[9] + i] = moved;
    }
  }
}
