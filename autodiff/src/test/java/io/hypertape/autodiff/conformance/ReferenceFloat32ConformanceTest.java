package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

class ReferenceFloat32ConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return new ReferenceBackend(DType.F32);
  }

  @Override
  String expectedName() {
    return "reference";
  }
}
