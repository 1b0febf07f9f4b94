package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.reference.ReferenceBackend;

class Float32NearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return new ReferenceBackend(DType.F32);
  }
}
