package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * What a session asks of its backend.
 *
 * @param numbers how numbers are stored and multiplied
 * @param threads how many threads of the CPU to use, the caller's included; 0 for one a processor
 * @param simd which kernels to use where there are scalar ones and vector ones
 * @param blas which BLAS computes large matrix products on the CPU, if any
 * @param device which of several devices of a kind, from 0
 */
public record BackendSettings(
    Numbers numbers, int threads, Simd simd, BlasChoice blas, int device) {

  /** How numbers are stored and multiplied. */
  public enum Numbers {
    /** As the backend likes best. */
    DEFAULT,
    /** IEEE 754 binary32. */
    FLOAT32,
    /** float32, whose matrix products may round to 10 bits of mantissa on their way in. */
    TF32,
    /** IEEE 754 binary64. */
    FLOAT64
  }

  /** Kernels of the CPU. */
  public enum Simd {
    /** Whichever are faster here. */
    AUTO,
    /** Vector kernels, or an error. */
    VECTOR,
    /** Scalar kernels. */
    SCALAR
  }

  /** Checks that all is there. */
  public BackendSettings {
    Nulls.check(numbers, "backend settings: numbers");
    Nulls.check(simd, "backend settings: simd");
    Nulls.check(blas, "backend settings: blas");
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 or more fit, and 0 for one a processor");
    }
    if (device < 0) {
      throw new IllegalArgumentException("device is " + device + "; they are counted from 0");
    }
  }

  /**
   * For the first device.
   *
   * @param numbers how numbers are stored and multiplied
   * @param threads how many threads of the CPU to use, the caller's included; 0 for one a processor
   * @param simd which kernels to use where there are scalar ones and vector ones
   * @param blas which BLAS computes large matrix products on the CPU, if any
   */
  public BackendSettings(Numbers numbers, int threads, Simd simd, BlasChoice blas) {
    this(numbers, threads, simd, blas, 0);
  }

  /**
   * The threads to use.
   *
   * @return as asked for, or one a processor; at least 1
   */
  public int threadsOrProcessors() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /**
   * Why a backend that computes in float32 alone cannot serve, for {@link
   * BackendProvider#unavailable}.
   *
   * @return the reason, with what would serve; empty if float32 is enough
   */
  public Optional<String> beyondFloat32() {
    return numbers == Numbers.FLOAT64
        ? Optional.of("it computes in float32; float64 is what the reference backend has")
        : Optional.empty();
  }
}
