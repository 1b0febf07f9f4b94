package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Chooses the kernels: each refusal says what would mend it.
 *
 * <p>AUTO is vector kernels where the JVM compiles them to vector instructions, else scalar ones:
 * the selection says why, and a warning through {@link System.Logger}, once a JVM. The system
 * property {@code hypertape.simd} (auto, vector or scalar) makes it stand for another. VECTOR is
 * vector kernels, or an exception that says why they would be slower than scalar ones and what
 * mends that; on a JVM of which nothing is known they are tried.
 */
public final class KernelLadder {

  /** What {@link Simd#AUTO} stands for: auto, vector or scalar. */
  private static final String PROPERTY = "hypertape.simd";

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private KernelLadder() {}

  /** Found once: all kernels of a JVM are of one kind. */
  private static final class Host {
    static final Optional<Obstacle> OBSTACLE = Obstacles.first(new HostJvm());
  }

  /**
   * Opens what is chosen.
   *
   * @param asked which kernels
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if vector kernels are asked for and cannot run or would be slower
   *     than scalar ones; says why
   * @throws IllegalArgumentException if threads is not 1 to 1024, or the property names no kernels
   */
  static Kernels open(Simd asked, int threads) {
    KernelSelection selection = choose(asked, threads);
    if (!selection.vectorized() && preset(asked) == Simd.AUTO) {
      warn(selection.reason());
    }
    return Kernels.open(selection);
  }

  /**
   * What is chosen, without a warning: for those who show it themselves.
   *
   * @param asked which kernels
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the selection
   * @throws IllegalStateException as of {@link GatedKernels#open}
   * @throws IllegalArgumentException if threads is not 1 to 1024, or the property names no kernels
   */
  public static KernelSelection choose(Simd asked, int threads) {
    KernelSelection scalar = KernelSelection.of(KernelMode.SCALAR, threads);
    Simd simd = preset(asked);
    String by = simd == asked ? "" : " by -D" + PROPERTY + "=" + System.getProperty(PROPERTY);
    if (simd == Simd.SCALAR) {
      return scalar.because(scalar.reason() + by);
    }
    Optional<Obstacle> obstacle = Host.OBSTACLE;
    if (obstacle.isEmpty() || simd == Simd.VECTOR && !obstacle.get().certain()) {
      return KernelSelection.of(KernelMode.VECTOR, threads);
    }
    String reason = obstacle.get().reason();
    if (simd == Simd.VECTOR) {
      throw new IllegalStateException(
          "no vector kernels" + (by.isEmpty() ? "" : ", asked for" + by) + ": " + reason);
    }
    return scalar.because("scalar kernels: " + reason);
  }

  /** What is asked for, or what AUTO stands for; AUTO where the property does not insist either. */
  static Simd preset(Simd asked) {
    if (asked != Simd.AUTO) {
      return asked;
    }
    String value = System.getProperty(PROPERTY, "auto");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "auto" -> Simd.AUTO;
      case "vector" -> Simd.VECTOR;
      case "scalar" -> Simd.SCALAR;
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
