package io.hypertape.optim;

import io.hypertape.autodiff.cpu.CpuBackends;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels for traces on the processor against their definitions. */
class TraceOpsTest {

  @ParameterizedTest
  @ValueSource(strings = {"SCALAR", "VECTOR"})
  void sameAsTheDefinitions(String mode) {
    TraceOpsCases.check(CpuBackends.open(mode, 1));
  }
}
