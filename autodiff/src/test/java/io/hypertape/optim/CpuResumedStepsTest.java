package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

/** Steps as lists of bound kernel calls. */
class CpuResumedStepsTest extends ResumedSteps {

  @Override
  protected Backend open() {
    return CpuBackends.open("VECTOR", 2);
  }
}
