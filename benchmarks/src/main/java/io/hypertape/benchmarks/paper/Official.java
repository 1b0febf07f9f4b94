package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.benchmarks.peers.Python;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The paper's own code, where the user has it.
 *
 * @param python a Python with torch
 * @param module its file gdtuo.py
 * @param scripts ours: the one that runs it, and what that one loads, in a folder of their own
 */
record Official(String python, Path module, List<Path> scripts) implements AutoCloseable {

  private static final String SCRIPT = "official_towers.py";
  private static final String MODULE = "gdtuo.py";

  /** What a search gave: the code, or one line that says what is missing. */
  record Search(Optional<Official> found, String notice) {}

  /**
   * Looks for it.
   *
   * @param folder a clone of its repository; empty for none
   * @param python a Python with torch; empty to search for one
   */
  static Search search(String folder, String python) throws IOException {
    if (folder.isEmpty()) {
      return new Search(
          Optional.empty(),
          "The paper's own code was not measured: name a clone of its repository with --official.");
    }
    Optional<Path> module;
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      module = files.filter(file -> file.endsWith(MODULE)).sorted().findFirst();
    }
    if (module.isEmpty()) {
      throw new IOException("--official " + folder + ": there is no " + MODULE + " in it");
    }
    Python.Outcome found = Python.find(python);
    if (found.program().isEmpty()) {
      return new Search(Optional.empty(), found.notice());
    }
    return new Search(
        Optional.of(new Official(found.program().get(), module.get(), written())), "");
  }

  private static List<Path> written() throws IOException {
    Path own = Files.createTempDirectory("hypertape");
    Path script = own.resolve(SCRIPT);
    try (InputStream text = Official.class.getResourceAsStream(SCRIPT)) {
      if (text == null) {
        throw new IOException(SCRIPT + " is not among the resources");
      }
      Files.write(script, text.readAllBytes());
    }
    return List.of(script, Python.scriptIn(own));
  }

  /** What decides its results. */
  String version() throws IOException {
    byte[][] texts = new byte[1 + scripts.size()][];
    texts[0] = Files.readAllBytes(module);
    for (int i = 0; i < scripts.size(); i++) {
      texts[1 + i] = Files.readAllBytes(scripts.get(i));
    }
    return Digest.of(texts);
  }

  /** Starts a tower of SGD, all levels above the first from the same step size. */
  List<String> command(String model, int height, Device device) {
    return List.of(
        python,
        scripts.getFirst().toString(),
        "--module",
        module.toString(),
        "--model",
        model,
        "--height",
        Integer.toString(height),
        "--device",
        device == Device.CUDA ? "cuda" : "cpu");
  }

  @Override
  public void close() throws IOException {
    for (Path script : scripts) {
      Files.deleteIfExists(script);
    }
    Path own = scripts.getFirst().toAbsolutePath().getParent();
    if (own != null) {
      // Python may have put what it compiled beside them.
      Path compiled = own.resolve("__pycache__");
      if (Files.isDirectory(compiled)) {
        try (Stream<Path> files = Files.list(compiled)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(compiled);
      }
      Files.deleteIfExists(own);
    }
  }
}
