package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionsTest {

  @ParameterizedTest
  @CsvSource({"12000,12000", "12090,12000", "13000,13000", "13020,13000", "12040,13000"})
  void aDriverServesRuntimesOfItsMajorVersionAndBefore(int runtime, int driver) {
    assertEquals("", Versions.cudaProblem(runtime, driver));
  }

  @ParameterizedTest
  @CsvSource({
    "11080,13000,the CUDA runtime is 11.8",
    "13000,12090,the driver knows CUDA only up to 12.9",
    "12000,11080,the driver knows CUDA only up to 11.8",
    "12000,0,the driver knows CUDA only up to 0.0"
  })
  void whatDoesNotFitIsNamed(int runtime, int driver, String said) {
    String problem = Versions.cudaProblem(runtime, driver);
    assertTrue(problem.contains(said), problem);
    assertTrue(problem.contains("install CUDA"), problem);
  }

  @Test
  void cudnnMustBeOfVersion9() {
    assertEquals("", Versions.cudnnProblem(92400));
    assertTrue(Versions.cudnnProblem(8907).contains("8907"));
  }

  @Test
  void aDeviceMustBeThere() {
    assertEquals("", Versions.ordinalProblem(1, 2, ""));
    assertEquals("CUDA finds no device", Versions.ordinalProblem(0, 0, ""));
    assertTrue(Versions.ordinalProblem(2, 2, "").contains("no CUDA device 2"));
    assertTrue(Versions.ordinalProblem(-1, 2, "").contains("no CUDA device -1"));
    String hidden = Versions.ordinalProblem(1, 1, "3");
    assertTrue(hidden.endsWith("there are 1, counted from 0 (CUDA_VISIBLE_DEVICES is 3)"), hidden);
  }

  @ParameterizedTest
  @CsvSource({"13000,13000,", "13010,13000,", "12090,13000,12", "13000,12040,13", "0,13000,0"})
  void cudnnIsOfTheRuntimesMajorVersion(long cudnn, int runtime, String other) {
    String problem = Versions.cudnnCudaProblem(cudnn, runtime);
    String said = other == null ? "" : "cuDNN was built for CUDA " + other + ", but";
    assertTrue(problem.startsWith(said) && problem.isEmpty() == said.isEmpty(), problem);
  }
}
