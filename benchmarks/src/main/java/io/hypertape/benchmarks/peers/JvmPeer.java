package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A peer for the JVM: classes and jars that the Maven profile {@code djl} has built.
 *
 * @param name how tables call it
 * @param main the class that serves
 * @param jar what the name of its jar begins with
 */
record JvmPeer(String name, String main, String jar) {

  private static final String DJL = "DJL";
  private static final String DJL_JAR = "pytorch-engine-";

  /** Training steps in DJL with its PyTorch engine. */
  static final JvmPeer DJL_STEPS =
      new JvmPeer(DJL, "io.hypertape.benchmarks.djl.DjlSteps", DJL_JAR);

  /** Predictions there. */
  static final JvmPeer DJL_PREDICTIONS =
      new JvmPeer(DJL, "io.hypertape.benchmarks.djl.DjlPredictions", DJL_JAR);

  /** Predictions in ONNX Runtime by its artifact for Java. */
  static final JvmPeer ONNX_RUNTIME =
      new JvmPeer(
          "ONNX Runtime Java",
          "io.hypertape.benchmarks.onnx.OnnxRuntimePredictions",
          "onnxruntime-");

  /** Below the folder of build outputs. */
  private static final String FOLDER = "peers";

  /**
   * The side, or one line in {@code notices}.
   *
   * @param target the folder of build outputs of module benchmarks
   * @param arguments of its class
   */
  Optional<Contender> find(Optional<Path> target, List<String> arguments, List<String> notices) {
    Optional<Path> folder = target.map(t -> t.resolve(FOLDER)).filter(this::isComplete);
    if (folder.isEmpty()) {
      notices.add(
          name
              + " is missing: looked for "
              + target.map(t -> t.resolve(FOLDER).toString()).orElse("target/" + FOLDER)
              + "; build it with mvn -Pdjl -DskipTests -pl benchmarks -am package (DJL and ONNX"
              + " Runtime, 260 MB from Maven Central).");
      return Optional.empty();
    }
    Path place = folder.get();
    String further = place.resolve("classes") + File.pathSeparator + place.resolve("lib") + "/*";
    List<String> options =
        List.of(
            "-Dai.djl.offline=true",
            "-DDJL_CACHE_DIR=" + place.resolve("cache"),
            "-DENGINE_CACHE_DIR=" + place.resolve("cache"));
    List<String> command = ClassPath.java(main, further, options);
    command.addAll(arguments);
    return Optional.of(new Contender(name, command));
  }

  private boolean isComplete(Path folder) {
    String[] jars = folder.resolve("lib").toFile().list((place, file) -> file.startsWith(jar));
    return jars != null
        && jars.length > 0
        && Files.exists(folder.resolve("classes").resolve(main.replace('.', '/') + ".class"));
  }
}
