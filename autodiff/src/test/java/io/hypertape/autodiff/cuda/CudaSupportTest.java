package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Without CUDA: tests that are not tagged otherwise run with it switched off. */
class CudaSupportTest {

  @Test
  void theProblemIsOneLine() {
    String problem = CudaSupport.problem();
    assertFalse(problem.isBlank());
    assertEquals(1, problem.lines().count(), problem);
    Exception e =
        assertThrows(IllegalStateException.class, () -> CudaBackends.open(CudaPrecision.FLOAT32));
    assertEquals(problem, e.getMessage());
  }

  @Test
  void theReportBeginsWithTheProblem() {
    assertEquals("cannot be used: " + CudaSupport.problem(), CudaSupport.report().get(0));
  }
}
