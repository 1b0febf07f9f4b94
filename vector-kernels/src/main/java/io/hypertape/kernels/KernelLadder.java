package io.hypertape.kernels;

import io.hypertape.kernels.lanes.VectorWidth;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chooses the kernels: each refusal says what would mend it. */
final class KernelLadder {

  private static final int MOST_THREADS = 1024;

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private KernelLadder() {}

  /** Found once: all kernels of a JVM are of one kind. */
  private static final class Host {
    static final Optional<Obstacle> OBSTACLE = Obstacles.first(new HostJvm());
  }

  static Kernels open(KernelMode mode, int threads) {
    KernelSelection selection = choose(mode, threads);
    if (selection.vectorized()) {
      return VectorKernels.open(selection);
    }
    if (mode.preset() == KernelMode.AUTO) {
      warn(selection.reason());
    }
    return ScalarKernels.open(selection);
  }

  static KernelSelection choose(KernelMode asked, int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 to " + MOST_THREADS + " fit");
    }
    KernelMode mode = asked.preset();
    String property = KernelMode.PROPERTY;
    String by = mode == asked ? "" : " by -D" + property + "=" + System.getProperty(property);
    if (mode == KernelMode.SCALAR) {
      return scalar("scalar kernels, as asked" + by);
    }
    Optional<Obstacle> obstacle = Host.OBSTACLE;
    if (obstacle.isEmpty() || mode == KernelMode.VECTOR && !obstacle.get().certain()) {
      int bits = VectorWidth.BITS;
      return new KernelSelection(true, bits, threads, "vector kernels, " + bits + " bits");
    }
    String reason = obstacle.get().reason();
    if (mode == KernelMode.VECTOR) {
      throw new IllegalStateException(
          "no vector kernels" + (by.isEmpty() ? "" : ", asked for" + by) + ": " + reason);
    }
    return scalar("scalar kernels: " + reason);
  }

  private static KernelSelection scalar(String reason) {
    return new KernelSelection(false, Float.SIZE, 1, reason);
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
