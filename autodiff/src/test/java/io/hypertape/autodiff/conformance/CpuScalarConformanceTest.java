package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

class CpuScalarConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return CpuBackends.open("SCALAR", 1);
  }

  @Override
  String expectedName() {
    return "cpu";
  }
}
