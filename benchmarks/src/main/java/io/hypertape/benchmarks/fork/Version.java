package io.hypertape.benchmarks.fork;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A version of Hypertape that is not the one running: what its forks find their classes in.
 *
 * @param name how tables call it
 * @param classPath jars and folders of classes
 */
public record Version(String name, String classPath) {

  /** As deep as an installation has its jars. */
  private static final int DEPTH = 3;

  /**
   * A version that lies in a folder.
   *
   * @param name how tables call it
   * @param folder has jars with module benchmarks and all that it needs, itself or in folders of
   *     it, such as {@code target/dist/…} of an install folder; the first jar of a name counts
   * @return the version
   * @throws IOException if the folder cannot be read, or has no such jars; says what would fit
   */
  public static Version of(String name, Path folder) throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      jars =
          files
              .filter(file -> file.getFileName().toString().endsWith(".jar"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    for (String needed : List.of("hypertape-benchmarks-", "jmh-core-")) {
      if (jars.stream().noneMatch(jar -> jar.getFileName().toString().startsWith(needed))) {
        throw new IOException(
            folder
                + " has no jar "
                + needed
                + "….jar; a folder of an installation's jars fits, such as target/dist/… of its"
                + " install folder, or a bench.json");
      }
    }
    String path =
        jars.stream()
            .collect(Collectors.toMap(Path::getFileName, jar -> jar, (first, other) -> first))
            .values()
            .stream()
            .map(jar -> jar.toAbsolutePath().toString())
            .sorted()
            .collect(Collectors.joining(File.pathSeparator));
    return new Version(name, path);
  }
}
