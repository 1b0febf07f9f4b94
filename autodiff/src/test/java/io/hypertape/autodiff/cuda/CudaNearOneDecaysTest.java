package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.NearOneDecays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaNearOneDecaysTest extends NearOneDecays {

  @Override
  protected Backend open() {
    return CudaTestBackends.withCudnn();
  }
}
