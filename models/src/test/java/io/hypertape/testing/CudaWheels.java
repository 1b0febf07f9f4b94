package io.hypertape.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder {@code site-packages/nvidia} of an environment with CUDA's wheels, named by {@code
 * HYPERTAPE_TEST_CUDA_WHEELS}. Not set: the test is skipped, and reported so, unless {@code
 * HYPERTAPE_REQUIRE_WHEELS} is 1.
 */
public final class CudaWheels {

  private static final String NAME = "HYPERTAPE_TEST_CUDA_WHEELS";

  private CudaWheels() {}

  public static Path require() {
    String folder = System.getenv(NAME);
    if (folder == null || folder.isBlank()) {
      return "1".equals(System.getenv("HYPERTAPE_REQUIRE_WHEELS"))
          ? fail(NAME + " is not set, though HYPERTAPE_REQUIRE_WHEELS is 1")
          : abort(NAME + " is not set; it names the folder site-packages/nvidia of CUDA's wheels");
    }
    Path path = Path.of(folder);
    return Files.isDirectory(path)
        ? path
        : fail(path + " is no folder, though " + NAME + " is set");
  }
}
