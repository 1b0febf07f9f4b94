package io.hypertape.bindings;

import io.hypertape.bindings.testing.CudaWheels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Libraries in the wheels that {@link CudaWheels} names, or in those of the Python found here. */
final class Wheels {

  private Wheels() {}

  private static List<Path> folders() {
    return CudaWheels.named()
        .map(List::of)
        .orElseGet(
            () ->
                SearchPlaces.sitePackages(SearchEnvironment.ofProcess()).stream()
                    .map(site -> site.resolve("nvidia"))
                    .toList());
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
}
