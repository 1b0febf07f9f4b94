package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** DJL with its PyTorch engine: classes and jars that the Maven profile {@code djl} has built. */
final class Djl {

  /** The side's name. */
  static final String NAME = "DJL";

  private static final String MAIN = "io.hypertape.benchmarks.djl.DjlSteps";

  private Djl() {}

  /** The command, or one line in {@code notices}. */
  static Optional<Contender> find(Optional<Path> target, int threads, List<String> notices) {
    Optional<Path> folder = target.map(t -> t.resolve("djl")).filter(Djl::isComplete);
    if (folder.isEmpty()) {
      notices.add(
          "DJL is missing: looked for "
              + target.map(t -> t.resolve("djl").toString()).orElse("target/djl")
              + "; build it with mvn -Pdjl -DskipTests -pl benchmarks -am package (120 MB from Maven Central).");
      return Optional.empty();
    }
    Path place = folder.get();
    String further = place.resolve("classes") + File.pathSeparator + place.resolve("lib") + "/*";
    List<String> options =
        List.of(
            "-Dai.djl.offline=true",
            "-DDJL_CACHE_DIR=" + place.resolve("cache"),
            "-DENGINE_CACHE_DIR=" + place.resolve("cache"));
    List<String> command = ClassPath.java(MAIN, further, options);
    command.add(Integer.toString(threads));
    return Optional.of(new Contender(NAME, command));
  }

  private static boolean isComplete(Path folder) {
    return Files.isDirectory(folder.resolve("lib"))
        && Files.exists(folder.resolve("classes").resolve(MAIN.replace('.', '/') + ".class"));
  }
}
