package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

/** Steps that run operation by operation, in double precision. */
class ReferenceRefusedStepsTest extends RefusedSteps {

  @Override
  protected Backend open() {
    return new ReferenceBackend(DType.F64);
  }
}
