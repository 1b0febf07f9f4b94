package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

class CpuNearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return CpuBackends.open("VECTOR", 1);
  }
}
