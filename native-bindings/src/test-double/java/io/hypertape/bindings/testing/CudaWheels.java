package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * NVIDIA's libraries as pip installs them, which need no GPU to be loaded: the folder {@code
 * site-packages/nvidia} that the property {@code hypertape.test.cuda.wheels} or the variable {@code
 * HYPERTAPE_TEST_CUDA_WHEELS} names. A test that misses them is skipped, and reported so, unless
 * {@code HYPERTAPE_REQUIRE_WHEELS} is 1: then it fails.
 */
public final class CudaWheels {

  private static final String VARIABLE = "HYPERTAPE_TEST_CUDA_WHEELS";
  private static final String REQUIRE = "HYPERTAPE_REQUIRE_WHEELS";

  private CudaWheels() {}

  /** The folder that is named; empty if none is. */
  public static Optional<Path> named() {
    String folder = System.getProperty("hypertape.test.cuda.wheels", System.getenv(VARIABLE));
    return Optional.ofNullable(folder).filter(name -> !name.isBlank()).map(Path::of);
  }

  /** The folder, or the end of the test; one that is named has to be there. */
  public static Path require() {
    Optional<Path> folder = named();
    require(folder.isPresent(), VARIABLE + " names no folder site-packages/nvidia");
    Path path = folder.orElseThrow();
    assertTrue(Files.isDirectory(path), path + ", which " + VARIABLE + " names, is no folder");
    return path;
  }

  /** Goes on if something is there; fails where that is due, and else skips with the reason. */
  public static void require(boolean isThere, String absence) {
    if ("1".equals(System.getenv(REQUIRE))) {
      assertTrue(isThere, absence + ", but " + REQUIRE + " is 1");
    }
    assumeTrue(isThere, absence);
  }
}
