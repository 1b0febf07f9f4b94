package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaEdgeDerivativesTest {

  @Test
  void withCudnn() {
    EdgeDerivatives.check(CudaTestBackends.withCudnn());
  }

  @Test
  void withOwnKernels() {
    EdgeDerivatives.check(CudaTestBackends.withoutCudnn());
  }
}
