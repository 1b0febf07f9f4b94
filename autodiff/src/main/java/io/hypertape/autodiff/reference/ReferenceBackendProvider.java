package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.tensor.DType;

/** Provides the {@link ReferenceBackend}, by name only. */
public final class ReferenceBackendProvider implements BackendProvider {

  /** For {@link java.util.ServiceLoader}. */
  public ReferenceBackendProvider() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Backend create(BackendSettings settings) {
    return switch (settings.numbers()) {
      case DEFAULT, FLOAT64 -> new ReferenceBackend(DType.F64);
      case FLOAT32, TF32 -> new ReferenceBackend(DType.F32);
    };
  }
}
