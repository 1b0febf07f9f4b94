package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.reference.ReferenceBackend;

/** The oracle, its steps replayed. */
class Float32ResumedStepsTest extends ResumedSteps {

  @Override
  protected Backend open() {
    return new ReplayingBackend(new ReferenceBackend(DType.F32), true);
  }
}
