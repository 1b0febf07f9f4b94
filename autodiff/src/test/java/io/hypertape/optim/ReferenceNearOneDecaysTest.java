package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

class ReferenceNearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return new ReferenceBackend(DType.F64);
  }
}
