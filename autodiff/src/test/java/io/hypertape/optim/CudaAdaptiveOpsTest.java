package io.hypertape.optim;

import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kernels of optimizers that find their step size, on the graphics card. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaAdaptiveOpsTest {

  @Test
  void sameAsTheDefinitions() {
    AdaptiveOpsCases.check(CudaTestBackends::withoutCudnn);
  }

  @Test
  void derivativesAreThoseOfTheDefinitions() {
    AdaptiveOpsCases.checkDerivatives(CudaTestBackends::withoutCudnn);
  }
}
