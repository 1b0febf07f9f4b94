package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole CUDA path but for NVIDIA's libraries, which a double stands in for; with cuDNN. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaConformanceTest extends BackendConformance {
  @Override
  Backend open() {
    return CudaTestBackends.withCudnn();
  }

  @Override
  String expectedName() {
    return "cuda";
  }
}
