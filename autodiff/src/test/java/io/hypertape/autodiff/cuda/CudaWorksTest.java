package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.testing.CleanDouble;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said where CUDA can be used. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaWorksTest {

  @Test
  void theDescriptionIsOneLine() {
    try (Backend backend = CudaBackends.open(CudaPrecision.TF32)) {
      String line = backend.description();
      assertEquals(1, line.lines().count(), line);
      for (String part :
          new String[] {"cuda backend: ", "compute capability ", "CUDA 1", "cuDNN 9.", "TF32"}) {
        assertTrue(line.contains(part), line);
      }
    }
    try (Backend backend = CudaTestBackends.withoutCudnn()) {
      assertTrue(backend.description().contains("own softmax"), backend.description());
      assertTrue(!backend.description().contains("TF32"), backend.description());
    }
  }

  @Test
  void thereIsNoProblemToReport() {
    assertDoesNotThrow(() -> CudaBackends.open(CudaPrecision.FLOAT32).close());
    List<String> report = CudaSupport.report();
    assertTrue(report.get(0).startsWith("works: cuda backend: "), report.toString());
  }
}
