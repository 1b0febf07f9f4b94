package io.hypertape.parity;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Weights and inputs as {@code src/test/python/parity.py} computes them, bit for bit. */
public final class Fill {

  private Fill() {}

  /** Numbers on [−1, 1) that depend on name and place alone. */
  public static double[] fill(String name, int n) {
    CRC32 hash = new CRC32();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      long z = ((hash.getValue() << 32) + i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      values[i] = (z >>> 40) * 0x1p-23 - 1;
    }
    return values;
  }

  private static double[] scaled(double[] values, double by, double plus) {
    return Arrays.stream(values).map(v -> (float) (plus + v * by)).toArray();
  }

  private static int size(int... shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** An input of mean 0 and variance 1. */
  public static Tensor data(Session session, String name, int... shape) {
    return session.tensor(scaled(fill(name, size(shape)), Math.sqrt(3), 0), shape);
  }

  public static int[] labels(String name, int n, int classes) {
    return Arrays.stream(fill(name, n)).mapToInt(v -> (int) ((v + 1) / 2 * classes)).toArray();
  }

  /** Uniform with variance 1/fan-in; gains around 1; biases small. */
  public static void start(Session session, List<Parameter> parameters) {
    for (Parameter p : parameters) {
      int[] shape = p.shape();
      double[] u = fill(p.name(), size(shape));
      double[] values;
      if (shape.length > 1) {
        values = scaled(u, Math.sqrt(3.0 / (size(shape) / shape[0])), 0);
      } else {
        values = p.name().endsWith("weight") ? scaled(u, 0.5, 1) : scaled(u, 0.2, 0);
      }
      p.set(values);
    }
  }
}
