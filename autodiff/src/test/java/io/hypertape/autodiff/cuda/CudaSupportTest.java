package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Without CUDA: tests that are not tagged otherwise run with it switched off. */
class CudaSupportTest {

  private static String problem() {
    return assertThrows(IllegalStateException.class, () -> CudaBackends.open(CudaPrecision.FLOAT32))
        .getMessage();
  }

  @Test
  void theProblemIsOneLine() {
    String problem = problem();
    assertFalse(problem.isBlank());
    assertEquals(1, problem.lines().count(), problem);
  }

  @Test
  void theReportBeginsWithTheProblem() {
    assertEquals("cannot be used: " + problem(), CudaSupport.report().get(0));
  }
}
