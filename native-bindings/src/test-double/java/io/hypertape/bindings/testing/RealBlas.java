package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Real libraries with matrix products: the files that the variable {@code HYPERTAPE_TEST_BLAS}
 * names, separated as in PATH. A test that misses them is skipped, and reported so.
 */
public final class RealBlas {

  private static final String VARIABLE = "HYPERTAPE_TEST_BLAS";

  private RealBlas() {}

  /** The files, or the end of the test. */
  public static List<Path> require() {
    String files = System.getenv().getOrDefault(VARIABLE, "");
    assumeTrue(!files.isBlank(), VARIABLE + " names no library, such as libopenblas.so.0");
    return Arrays.stream(files.split(File.pathSeparator)).map(Path::of).toList();
  }
}
