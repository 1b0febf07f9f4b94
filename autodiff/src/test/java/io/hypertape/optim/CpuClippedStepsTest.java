package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

class CpuClippedStepsTest extends ClippedSteps {

  @Override
  protected Backend open() {
    return CpuBackends.open("VECTOR", 1);
  }
}
