package io.hypertape.optim;

import io.hypertape.autodiff.cpu.CpuBackends;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels of optimizers that find their step size, on the processor. */
class AdaptiveOpsTest {

  @ParameterizedTest
  @ValueSource(strings = {"SCALAR", "VECTOR"})
  void sameAsTheDefinitions(String mode) {
    AdaptiveOpsCases.check(() -> CpuBackends.open(mode, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCALAR", "VECTOR"})
  void derivativesAreThoseOfTheDefinitions(String mode) {
    AdaptiveOpsCases.checkDerivatives(() -> CpuBackends.open(mode, 1));
  }
}
