package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.reference.ReferenceBackend;

class Float32ClippedStepsTest extends ClippedSteps {

  @Override
  protected Backend open() {
    return new ReplayingBackend(new ReferenceBackend(DType.F32), true);
  }
}
