package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeDerivativesTest {

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32"})
  void ofTheReference(DType type) {
    EdgeDerivatives.check(new ReferenceBackend(type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCALAR", "VECTOR"})
  void onTheCpu(String kernels) {
    EdgeDerivatives.check(CpuBackends.open(kernels, 1));
  }
}
