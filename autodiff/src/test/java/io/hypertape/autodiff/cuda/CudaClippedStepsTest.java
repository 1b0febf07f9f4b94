package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.ClippedSteps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps as CUDA graphs, over the double of CUDA's libraries or on a GPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaClippedStepsTest extends ClippedSteps {

  @Override
  protected Backend open() {
    return CudaTestBackends.withCudnn();
  }
}
