package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

class CpuScalarNearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return CpuBackends.open("SCALAR", 1);
  }
}
