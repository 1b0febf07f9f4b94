package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.program.TakenDown;

/** An operation that is taken down says all that it reads and writes. */
class TakenDownConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return new TakenDown(CpuBackends.open("SCALAR", 1));
  }

  @Override
  String expectedName() {
    return "cpu";
  }
}
