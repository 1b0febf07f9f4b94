package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;

/** VECTOR throws where vector kernels cannot run, so this suite never tests scalar ones instead. */
class CpuVectorConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return CpuBackends.open("VECTOR", 2);
  }

  @Override
  String expectedName() {
    return "cpu";
  }
}
