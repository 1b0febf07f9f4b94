package io.hypertape.optim;

import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kernels for traces on the graphics card against their definitions. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaTraceOpsTest {

  @Test
  void sameAsTheDefinitions() {
    TraceOpsCases.check(CudaTestBackends.withoutCudnn());
  }
}
