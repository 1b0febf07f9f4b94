package io.hypertape.example;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.tensor.DType;

/** Provides somebody's backend. */
public final class CoreOnlyBackendProvider implements BackendProvider {

  /** For {@link java.util.ServiceLoader}. */
  public CoreOnlyBackendProvider() {}

  @Override
  public String name() {
    return "core-only";
  }

  @Override
  public Backend create(BackendSettings settings) {
    return new CoreOnlyBackend(
        settings.numbers() == BackendSettings.Numbers.FLOAT32 ? DType.F32 : DType.F64);
  }
}
