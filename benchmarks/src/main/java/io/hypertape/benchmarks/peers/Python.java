package io.hypertape.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds a Python that has torch, or what else is needed, and brings our scripts to it. */
public final class Python {

  private static final List<String> NAMES = List.of("python3", "python");

  /** Models and steps. */
  static final String SCRIPT = "torch_steps.py";

  /** What newer scripts have in common. */
  static final String TURNS = "turns.py";

  private static final String GEMM_SCRIPT = "torch_gemm.py";
  private static final String DEVICE_SCRIPT = "torch_device_steps.py";
  private static final int SECONDS = 60;

  private Python() {}

  /**
   * What a search gave.
   *
   * @param program a Python with what is needed
   * @param notice one line that says what was looked for, if there is none
   */
  public record Outcome(Optional<String> program, String notice) {}

  /**
   * Looks for one with torch.
   *
   * @param given the option's value, empty if there is none
   * @return the program, or what was looked for
   */
  public static Outcome find(String given) {
    return find(given, PythonPackage.TORCH);
  }

  static Outcome find(String given, PythonPackage needed) {
    if (given.equals(LibrarySearch.NONE)) {
      return new Outcome(Optional.empty(), needed.leftOut());
    }
    List<String> seen = new ArrayList<>();
    for (String program : given.isEmpty() ? onPath(System.getenv("PATH")) : List.of(given)) {
      String problem = problem(program, needed.modules());
      if (problem.isEmpty()) {
        return new Outcome(Optional.of(program), "");
      }
      seen.add(program + " (" + problem + ")");
    }
    return new Outcome(Optional.empty(), needed.missing(seen));
  }

  static List<String> onPath(String path) {
    List<String> found = new ArrayList<>();
    for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
      for (String name : NAMES) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program) && !Files.isDirectory(program)) {
          found.add(program.toString());
        }
      }
    }
    return found;
  }

  /** Why a program is no Python with such modules; empty if it is one. */
  private static String problem(String program, List<String> modules) {
    try {
      Process process =
          new ProcessBuilder(program, "-c", "import " + String.join(", ", modules))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "no answer in " + SECONDS + " s";
      }
      return process.exitValue() == 0 ? "" : "cannot import " + String.join(", ", modules);
    } catch (IOException e) {
      return "cannot be started";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** The file in which PyTorch has MKL; empty if it has none, or cannot say. */
  static String mathLibrary(String program) throws IOException {
    String question =
        "import os, torch; print(os.path.join(os.path.dirname(torch.__file__), 'lib',"
            + " 'libtorch_cpu.so') if torch.backends.mkl.is_available() else '')";
    Process process =
        new ProcessBuilder(program, "-c", question)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Files.isRegularFile(Path.of(answer.strip())) ? answer.strip() : "";
  }

  /** Writes the script of steps to a file of its own, which the caller deletes. */
  static Path script() throws IOException {
    return temporary(SCRIPT);
  }

  /** Writes the script of matrix products to a file of its own, which the caller deletes. */
  static Path gemmScript() throws IOException {
    return temporary(GEMM_SCRIPT);
  }

  private static Path temporary(String script) throws IOException {
    Path file = Files.createTempFile("hypertape", script);
    write(script, file);
    return file;
  }

  /**
   * Writes the script, whose models another script may load, under its own name.
   *
   * @param folder where
   * @return the file, which the caller deletes
   * @throws IOException if it cannot be written
   */
  public static Path scriptIn(Path folder) throws IOException {
    Path file = folder.resolve(SCRIPT);
    write(SCRIPT, file);
    return file;
  }

  /** Writes the script for GPUs to a folder of its own, beside the one that it imports. */
  static Path deviceScript() throws IOException {
    return folder(List.of(SCRIPT, DEVICE_SCRIPT)).resolve(DEVICE_SCRIPT);
  }

  /** Writes scripts to a folder of their own, in which they find each other. */
  static Path folder(List<String> scripts) throws IOException {
    Path folder = Files.createTempDirectory("hypertape");
    for (String script : scripts) {
      write(script, folder.resolve(script));
    }
    return folder;
  }

  /** Deletes it, with what Python has compiled there. */
  static void deleteDeviceScript(Path file) throws IOException {
    deleteFolder(file.getParent());
  }

  /** Deletes a folder with all that lies there. */
  static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void write(String name, Path file) throws IOException {
    try (InputStream text = Python.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IOException(name + " is not among the resources");
      }
      Files.write(file, text.readAllBytes());
    }
  }
}
