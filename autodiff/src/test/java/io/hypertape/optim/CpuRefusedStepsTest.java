package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

/** Steps as lists of calls of kernels. */
class CpuRefusedStepsTest extends RefusedSteps {

  @Override
  protected Backend open() {
    return CpuBackends.open("VECTOR", 1);
  }
}
