package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.cuda.CudaSupport;
import io.hypertape.autodiff.reference.ReferenceBackend;

/** The ladder that chooses a backend: a named one or an error, or the best that works. */
final class Backends {

  record Choice(Backend backend, String description) {}

  private Backends() {}

  static Choice choose(SessionOptions options) {
    return switch (options.device()) {
      case REFERENCE -> named(reference(options.precision()));
      case CPU -> named(cpu(options));
      case CUDA -> throw new BackendUnavailableException("cuda backend: " + CudaSupport.problem());
      case AUTO -> {
        Backend cpu = cpu(options);
        yield new Choice(
            cpu, cpu.description() + " (cuda not used: " + CudaSupport.problem() + ")");
      }
    };
  }

  private static Choice named(Backend backend) {
    return new Choice(backend, backend.description());
  }

  private static Backend reference(Precision precision) {
    return new ReferenceBackend(precision == Precision.FLOAT32 ? DType.F32 : DType.F64);
  }

  private static Backend cpu(SessionOptions options) {
    if (options.precision() == Precision.FLOAT64) {
      throw new BackendUnavailableException(
          "cpu backend: it computes in float32; float64 is what the reference backend has");
    }
    int threads =
        options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    try {
      return CpuBackends.open(options.simd().name(), threads);
    } catch (IllegalStateException e) {
      throw new BackendUnavailableException("cpu backend: " + e.getMessage());
    }
  }
}
