package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.cuda.CudaBackends;
import io.hypertape.autodiff.cuda.CudaPrecision;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

/** The ladder that chooses a backend: a named one or an error, or the best that works. */
final class Backends {

  record Choice(Backend backend, String description) {}

  private Backends() {}

  static Choice choose(SessionOptions options) {
    return switch (options.device()) {
      case REFERENCE -> named(reference(options.precision()));
      case CPU -> named(cpu(options));
      case CUDA -> named(cuda(options.precision()));
      case AUTO -> automatic(options);
    };
  }

  private static Choice automatic(SessionOptions options) {
    String reason;
    try {
      return named(openCuda(options.precision()));
    } catch (IllegalStateException e) {
      reason = e.getMessage();
    }
    Backend cpu = cpu(options);
    return new Choice(cpu, cpu.description() + " (cuda not used: " + reason + ")");
  }

  private static Choice named(Backend backend) {
    return new Choice(backend, backend.description());
  }

  private static Backend reference(Precision precision) {
    return new ReferenceBackend(isFloat32(precision) ? DType.F32 : DType.F64);
  }

  private static Backend cuda(Precision precision) {
    try {
      return openCuda(precision);
    } catch (IllegalStateException e) {
      throw new BackendUnavailableException("cuda backend: " + e.getMessage(), e);
    }
  }

  private static Backend openCuda(Precision precision) {
    if (precision == Precision.FLOAT64) {
      throw new IllegalStateException(
          "it computes in float32; float64 is what the reference backend has");
    }
    return CudaBackends.open(
        precision == Precision.TF32 ? CudaPrecision.TF32 : CudaPrecision.FLOAT32);
  }

  private static boolean isFloat32(Precision precision) {
    return precision == Precision.FLOAT32 || precision == Precision.TF32;
  }

  private static Backend cpu(SessionOptions options) {
    if (options.precision() == Precision.FLOAT64) {
      throw new BackendUnavailableException(
          "cpu backend: it computes in float32; float64 is what the reference backend has", null);
    }
    int threads =
        options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    try {
      return CpuBackends.open(options.simd().name(), threads);
    } catch (IllegalStateException e) {
      throw new BackendUnavailableException("cpu backend: " + e.getMessage(), e);
    }
  }
}
