package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

/** The oracle, its steps replayed. */
class Float32ResumedStepsTest extends ResumedSteps {

  @Override
  protected Backend open() {
    return new ReplayingBackend(new ReferenceBackend(DType.F32), true);
  }
}
