package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.ResumedSteps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps as CUDA graphs, over the double of CUDA's libraries or on a GPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaResumedStepsTest extends ResumedSteps {

  @Override
  protected Backend open() {
    return CudaTestBackends.withCudnn();
  }

  /** Within the steps that warm a graph up, and after it was recorded. */
  @Override
  protected int[] stops() {
    return new int[] {1, 5};
  }
}
