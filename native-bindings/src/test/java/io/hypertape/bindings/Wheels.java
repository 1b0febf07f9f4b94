package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * NVIDIA's libraries as pip installs them, which need no GPU to be loaded: those of the property
 * {@code hypertape.test.cuda.wheels} or the variable {@code HYPERTAPE_TEST_CUDA_WHEELS} (a folder
 * {@code site-packages/nvidia}), or those of the Python found here. On CI with {@code
 * HYPERTAPE_REQUIRE_WHEELS=1} they must be there.
 */
final class Wheels {

  private Wheels() {}

  private static List<Path> folders() {
    SearchEnvironment environment = SearchEnvironment.ofProcess();
    String property = environment.property("hypertape.test.cuda.wheels");
    String named =
        property.isEmpty() ? environment.variable("HYPERTAPE_TEST_CUDA_WHEELS") : property;
    return named.isEmpty()
        ? SearchPlaces.sitePackages(environment).stream()
            .map(site -> site.resolve("nvidia"))
            .toList()
        : List.of(Path.of(named));
  }

  /** A library in the wheels, if it is there. */
  static Optional<Path> file(NativeLibrary library) {
    List<String> names = library.fileNames(SearchEnvironment.ofProcess());
    return folders().stream()
        .flatMap(
            wheels ->
                Stream.of("cu13", "cudnn", "cuda_runtime", "cublas", "cuda_nvrtc")
                    .map(wheel -> wheels.resolve(wheel).resolve("lib")))
        .flatMap(folder -> names.stream().map(folder::resolve))
        .filter(Files::exists)
        .findFirst();
  }

  /** Goes on if something is there; fails where that is due, and else skips with the reason. */
  static void require(boolean isThere, String absence) {
    boolean isDue =
        "true".equals(System.getenv("CI")) && "1".equals(System.getenv("HYPERTAPE_REQUIRE_WHEELS"));
    if (isDue) {
      assertTrue(isThere, absence + ", but HYPERTAPE_REQUIRE_WHEELS=1");
    }
    assumeTrue(isThere, absence);
  }
}
