package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** As {@link CudaConformanceTest}, with own kernels instead of cuDNN. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaWithoutCudnnConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return CudaTestBackends.withoutCudnn();
  }

  @Override
  String expectedName() {
    return "cuda";
  }
}
