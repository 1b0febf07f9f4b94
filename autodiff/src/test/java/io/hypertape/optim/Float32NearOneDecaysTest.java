package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

class Float32NearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return new ReferenceBackend(DType.F32);
  }
}
