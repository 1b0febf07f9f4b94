package io.hypertape.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data and traces that are no part of the project, below the folder that {@code HYPERTAPE_SHARED}
 * names (a system property or an environment variable). Not set: the test is skipped, and reported
 * so. Set, and a file is missing: the test fails.
 */
public final class SharedFolder {

  private static final String NAME = "HYPERTAPE_SHARED";

  private SharedFolder() {}

  public static Path require(String inside) {
    String root = System.getProperty(NAME, System.getenv(NAME));
    if (root == null || root.isBlank()) {
      return abort(NAME + " is not set; it names the folder that has " + inside);
    }
    Path path = Path.of(root, inside);
    if (!Files.exists(path)) {
      return fail(path.toAbsolutePath() + " is missing, though " + NAME + " is set");
    }
    return path;
  }
}
