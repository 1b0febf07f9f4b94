package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import java.util.Optional;

/** Provides the CUDA backend. */
public final class CudaBackendProvider implements BackendProvider {

  /** For {@link java.util.ServiceLoader}. */
  public CudaBackendProvider() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public Optional<String> unavailable(BackendSettings settings) {
    return settings.beyondFloat32();
  }

  @Override
  public Backend create(BackendSettings settings) {
    return CudaBackends.open(
        settings.device(),
        settings.numbers() == BackendSettings.Numbers.TF32
            ? CudaPrecision.TF32
            : CudaPrecision.FLOAT32);
  }
}
