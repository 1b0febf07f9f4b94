package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import java.util.Optional;

/** Provides the {@link CpuBackend}. */
public final class CpuBackendProvider implements BackendProvider {

  /** For {@link java.util.ServiceLoader}. */
  public CpuBackendProvider() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Optional<String> unavailable(BackendSettings settings) {
    return settings.beyondFloat32();
  }

  @Override
  public Backend create(BackendSettings settings) {
    return CpuBackends.open(settings.simd(), settings.threadsOrProcessors(), settings.blas());
  }
}
