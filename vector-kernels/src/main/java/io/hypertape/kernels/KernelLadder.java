package io.hypertape.kernels;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chooses the kernels: each refusal says what would mend it. */
final class KernelLadder {

  /** What {@link KernelMode#AUTO} stands for: auto, vector or scalar. */
  static final String PROPERTY = "hypertape.simd";

  private static final int MOST_THREADS = 1024;

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private KernelLadder() {}

  /** Found once: all kernels of a JVM are of one kind. */
  private static final class Host {
    static final Optional<Obstacle> OBSTACLE = Obstacles.first(new HostJvm());
  }

  static Kernels open(KernelMode mode, int threads) {
    Kernels kernels = openQuietly(mode, threads);
    boolean free = mode == KernelMode.AUTO && preset() == KernelMode.AUTO;
    if (free && !kernels.selection().vectorized()) {
      warn(kernels.selection().reason());
    }
    return kernels;
  }

  /** For those who show the selection themselves. */
  static Kernels openQuietly(KernelMode mode, int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 to " + MOST_THREADS + " fit");
    }
    return choose(mode, threads);
  }

  private static Kernels choose(KernelMode asked, int threads) {
    KernelMode mode = asked == KernelMode.AUTO ? preset() : asked;
    String by = mode == asked ? "" : " by -D" + PROPERTY + "=" + System.getProperty(PROPERTY);
    if (mode == KernelMode.SCALAR) {
      return ScalarKernels.open("scalar kernels, as asked" + by);
    }
    Optional<Obstacle> obstacle = Host.OBSTACLE;
    if (obstacle.isEmpty() || mode == KernelMode.VECTOR && !obstacle.get().certain()) {
      return VectorKernels.open(threads, mode == KernelMode.AUTO);
    }
    if (mode == KernelMode.VECTOR) {
      throw new IllegalStateException(
          "no vector kernels"
              + (by.isEmpty() ? "" : ", asked for" + by)
              + ": "
              + obstacle.get().reason());
    }
    return ScalarKernels.open("scalar kernels: " + obstacle.get().reason());
  }

  private static KernelMode preset() {
    String value = System.getProperty(PROPERTY, "auto");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "auto" -> KernelMode.AUTO;
      case "vector" -> KernelMode.VECTOR;
      case "scalar" -> KernelMode.SCALAR;
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + "=" + value + "; auto, vector and scalar fit");
    };
  }

  private static void warn(String reason) {
    if (!WARNED.getAndSet(true)) {
      System.getLogger(KernelLadder.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Hypertape is many times slower than it could be: " + reason);
    }
  }
}
