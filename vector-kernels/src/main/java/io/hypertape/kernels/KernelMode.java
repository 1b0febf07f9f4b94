package io.hypertape.kernels;

import java.util.Locale;

/** Which kernels {@link Kernels#open} shall give. */
public enum KernelMode {
  /**
   * Vector kernels where the JVM compiles them to vector instructions, else scalar ones: the
   * selection says why, and a warning through {@link System.Logger}, once a JVM. The system
   * property {@code hypertape.simd} (auto, vector or scalar) makes it stand for another mode.
   */
  AUTO,
  /**
   * Vector kernels, or an exception that says why they would be slower than scalar ones and what
   * mends that. On a JVM of which nothing is known they are tried.
   */
  VECTOR,
  /** Scalar kernels. */
  SCALAR;

  /** What {@link #AUTO} stands for: auto, vector or scalar. */
  static final String PROPERTY = "hypertape.simd";

  /**
   * This mode, or the one that AUTO stands for.
   *
   * @return AUTO where neither the caller nor the system property insists
   * @throws IllegalArgumentException if the property names no mode
   */
  public KernelMode preset() {
    if (this != AUTO) {
      return this;
    }
    String value = System.getProperty(PROPERTY, "auto");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "vector" -> VECTOR;
      case "scalar" -> SCALAR;
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + "=" + value + "; auto, vector and scalar fit");
    };
  }
}
