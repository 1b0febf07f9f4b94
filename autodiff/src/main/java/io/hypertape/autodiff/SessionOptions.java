package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.checks.Nulls;
import java.util.Locale;

/**
 * How a session is opened.
 *
 * @param backend which backend: {@link #AUTO} for the best that works, {@code cpu}, {@code cuda},
 *     {@code cuda:1} for the second GPU (and so on; {@code auto:1} likewise), {@code reference}, or
 *     the name of a {@link io.hypertape.autodiff.backend.BackendProvider} of somebody else
 * @param precision type of the tensors
 * @param threads threads of the CPU backend, the caller's included; 0 for one a processor
 * @param simd which of the CPU's kernels
 * @param blas which BLAS computes large matrix products of the CPU backend, if any
 */
public record SessionOptions(
    String backend, Precision precision, int threads, Simd simd, BlasChoice blas) {

  /** Stands for the best backend that works. */
  public static final String AUTO = "auto";

  /** Which kernels the CPU backend uses. */
  public enum Simd {
    /**
     * Vector kernels where the JVM compiles them to vector instructions, else scalar ones: {@link
     * Session#description()} says why, and a warning through {@link System.Logger}, once a JVM. The
     * system property {@code hypertape.simd} (auto, vector or scalar) makes it stand for another.
     */
    AUTO,
    /** Vector kernels, or an error that says why not and what would mend it. */
    VECTOR,
    /** Scalar kernels. */
    SCALAR
  }

  /** Checks the number of threads; a backend's name is in lower case. */
  public SessionOptions {
    backend = Nulls.check(backend, "session options: backend").toLowerCase(Locale.ROOT);
    Nulls.check(precision, "session options: precision");
    Nulls.check(simd, "session options: simd");
    Nulls.check(blas, "session options: blas");
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 to 1024 fit, and 0 for one a processor");
    }
  }

  /**
   * Without a BLAS of one's own, unless the system property {@code hypertape.blas} names one.
   *
   * @param backend which backend
   * @param precision type of the tensors
   * @param threads threads of the CPU backend, the caller's included; 0 for one a processor
   * @param simd which of the CPU's kernels
   */
  public SessionOptions(String backend, Precision precision, int threads, Simd simd) {
    this(backend, precision, threads, simd, BlasChoice.DEFAULT);
  }

  /**
   * For one of this library's backends.
   *
   * @param device which backend
   * @param precision type of the tensors
   * @param threads threads of the CPU backend, the caller's included; 0 for one a processor
   * @param simd which of the CPU's kernels
   */
  public SessionOptions(Device device, Precision precision, int threads, Simd simd) {
    this(Nulls.check(device, "session options: device").name(), precision, threads, simd);
  }

  /**
   * Defaults for a backend: default precision, one thread a processor, SIMD where possible.
   *
   * @param backend its name
   * @return the options
   */
  public static SessionOptions of(String backend) {
    return new SessionOptions(backend, Precision.DEFAULT, 0, Simd.AUTO);
  }

  /**
   * Defaults for a device: default precision, one thread a processor, SIMD where possible.
   *
   * @param device which backend
   * @return the options
   */
  public static SessionOptions of(Device device) {
    return new SessionOptions(device, Precision.DEFAULT, 0, Simd.AUTO);
  }

  /**
   * With another backend.
   *
   * @param newBackend its name
   * @return changed options
   */
  public SessionOptions withBackend(String newBackend) {
    Nulls.check(newBackend, "withBackend: newBackend");
    return new SessionOptions(newBackend, precision, threads, simd, blas);
  }

  /**
   * With another precision.
   *
   * @param newPrecision type of the tensors
   * @return changed options
   */
  public SessionOptions withPrecision(Precision newPrecision) {
    Nulls.check(newPrecision, "withPrecision: newPrecision");
    return new SessionOptions(backend, newPrecision, threads, simd, blas);
  }

  /**
   * With another number of threads. Sessions of a JVM share the threads that help their callers, of
   * which there are no more than processors beside the caller's: an operation is done by its caller
   * and those that are free.
   *
   * @param newThreads threads of the CPU backend; 0 for one a processor
   * @return changed options
   */
  public SessionOptions withThreads(int newThreads) {
    return new SessionOptions(backend, precision, newThreads, simd, blas);
  }

  /**
   * With other CPU kernels.
   *
   * @param newSimd which kernels
   * @return changed options
   */
  public SessionOptions withSimd(Simd newSimd) {
    Nulls.check(newSimd, "withSimd: newSimd");
    return new SessionOptions(backend, precision, threads, newSimd, blas);
  }

  /**
   * With a BLAS of the machine's for large matrix products, whose bits are then that library's: see
   * {@link BlasChoice}. Of others than the CPU backend it changes nothing.
   *
   * @param newBlas which
   * @return changed options
   */
  public SessionOptions withBlas(BlasChoice newBlas) {
    Nulls.check(newBlas, "withBlas: newBlas");
    return new SessionOptions(backend, precision, threads, simd, newBlas);
  }
}
