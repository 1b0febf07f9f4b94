package io.hypertape.cli;

import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.backend.BlasChoice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where to compute. */
final class BackendOptions {

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda|reference|NAME",
      description = "where to compute, or the name of a provided backend (default: auto)")
  private String backend = SessionOptions.AUTO;

  @Option(
      names = "--device",
      paramLabel = "N",
      description =
          "which GPU of those that CUDA_VISIBLE_DEVICES lets CUDA see, as cuda:N for --backend"
              + " (default: 0)")
  private int device;

  @Option(
      names = "--precision",
      paramLabel = "float32|tf32|float64",
      description =
          "float32, tf32 (matrix products of the cuda backend in TF32) or float64 (reference only)"
              + " (default: float64 on reference, else float32)")
  private Precision precision = Precision.DEFAULT;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the cpu backend (default: one a processor)")
  private int threads;

  @Option(
      names = "--simd",
      paramLabel = "auto|vector|scalar",
      description =
          "kernels of the cpu backend: vector ones or an error that says why not, scalar ones, or"
              + " whichever are faster (default: auto)")
  private SessionOptions.Simd simd = SessionOptions.Simd.AUTO;

  @Option(
      names = "--blas",
      paramLabel = "off|auto|FILE",
      description =
          "large matrix products of the cpu backend by a BLAS of this machine (OpenBLAS, MKL,"
              + " oneDNN …), whose bits they have then: the first that serves, or the library in a"
              + " file; hypertape doctor says which there is (default: off)")
  private BlasChoice blas;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  BackendOptions() {}

  SessionOptions options() {
    return options(device == 0 ? backend : backend + ":" + device, precision, threads, simd, blas);
  }

  /** What a session is to be, without a BLAS asked for if null; an error names the option. */
  static SessionOptions options(
      String backend, Precision precision, int threads, SessionOptions.Simd simd, BlasChoice blas) {
    try {
      SessionOptions options = new SessionOptions(backend, precision, threads, simd);
      return blas == null ? options : options.withBlas(blas);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }

  Session open() {
    try {
      return open(options());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** A session; an error names the option. */
  static Session open(SessionOptions options) {
    try {
      return Session.open(options);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }
}
