package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrecisionVariablesTest {

  @Test
  void whatIsSetIsTold() {
    assertEquals(
        List.of(), PrecisionVariables.warnings(Map.of("PATH", "/bin", "NVIDIA_TF32_OVERRIDE", "")));
    List<String> two =
        PrecisionVariables.warnings(
            Map.of("NVIDIA_TF32_OVERRIDE", "1", "CUBLAS_EMULATE_SINGLE_PRECISION", "1"));
    assertEquals(2, two.size());
    assertTrue(two.getFirst().startsWith("CUBLAS_EMULATE_SINGLE_PRECISION=1: cuBLAS may"));
    assertTrue(two.getLast().startsWith("NVIDIA_TF32_OVERRIDE=1: libraries use TF32 always"));
  }
}
