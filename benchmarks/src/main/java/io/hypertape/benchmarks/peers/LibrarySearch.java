package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds a native library: where the user says, else by its usual names through the system's loader
 * and in the folders where distributions put it.
 *
 * @param peer how people call it
 * @param option the option that names its file
 * @param names file names, best first
 * @param install how to install it
 */
record LibrarySearch(String peer, String option, List<String> names, String install) {

  /** The option's value that leaves a peer out. */
  static final String NONE = "none";

  /** Where Maven puts libraries, in the folder of build outputs. */
  private static final String BUILT = "natives";

  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu/openblas-pthread",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu/openblas-pthread",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/lib",
          "/opt/homebrew/opt/openblas/lib",
          "/opt/homebrew/lib");

  static final LibrarySearch OPENBLAS =
      new LibrarySearch(
          "OpenBLAS",
          "--openblas",
          List.of("libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libopenblas.dll"),
          "mvn -Popenblas -DskipTests -pl benchmarks -am package, or apt-get install"
              + " libopenblas0-pthread");

  static final LibrarySearch ONEDNN =
      new LibrarySearch(
          "oneDNN",
          "--onednn",
          List.of("libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "libdnnl.dylib", "dnnl.dll"),
          "apt-get install libdnnl2 (libdnnl3 on newer systems)");

  static final LibrarySearch MKL =
      new LibrarySearch(
          "MKL",
          "--mkl",
          List.of("libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so", "mkl_rt.2.dll"),
          "pip install mkl, or PyTorch, whose libtorch_cpu.so has it");

  /** A library that was found, or why none was. */
  sealed interface Outcome {}

  /**
   * Found.
   *
   * @param place path or name
   * @param symbols its symbols
   */
  record Found(String place, SymbolLookup symbols) implements Outcome {}

  /**
   * Not found.
   *
   * @param notice one line for people
   */
  record Missing(String notice) implements Outcome {}

  /** Looks for it; {@code given} is the option's value, empty if there is none. */
  Outcome find(String given, Arena arena) {
    if (given.equals(NONE)) {
      return new Missing(peer + " was left out, as " + option + " none says.");
    }
    if (!given.isEmpty()) {
      Path file = Path.of(given);
      if (!Files.isRegularFile(file)) {
        return new Missing(
            peer + " is missing: " + option + " is " + given + ", which is no file.");
      }
      return open(file.toAbsolutePath().toString(), arena);
    }
    for (String candidate : candidates()) {
      if (open(candidate, arena) instanceof Found found) {
        return found;
      }
    }
    return new Missing(notice());
  }

  private Outcome open(String place, Arena arena) {
    try {
      Path file = Path.of(place);
      SymbolLookup symbols =
          file.isAbsolute()
              ? SymbolLookup.libraryLookup(file, arena)
              : SymbolLookup.libraryLookup(place, arena);
      return new Found(place, symbols);
    } catch (IllegalArgumentException e) {
      return new Missing(peer + " is missing: " + place + " cannot be loaded: " + e.getMessage());
    }
  }

  private List<String> candidates() {
    List<String> all = new ArrayList<>();
    List<Path> folders = new ArrayList<>(FOLDERS.stream().map(Path::of).toList());
    ClassPath.target().ifPresent(target -> folders.addFirst(target.resolve(BUILT)));
    for (Path folder : folders) {
      for (String name : names) {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
          all.add(real(file));
        }
      }
    }
    return Stream.concat(all.stream(), names.stream()).distinct().toList();
  }

  private static String real(Path file) {
    try {
      return file.toRealPath().toString();
    } catch (IOException e) {
      return file.toString();
    }
  }

  /** What was looked for, and how to get it. */
  String notice() {
    return peer
        + " is missing: looked for "
        + String.join(", ", names)
        + " through the system's loader and in /usr/lib, /usr/local/lib and the like. Install it ("
        + install
        + ") or name its file with "
        + option
        + ".";
  }
}
