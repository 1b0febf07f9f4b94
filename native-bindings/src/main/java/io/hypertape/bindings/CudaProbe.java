package io.hypertape.bindings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which of CUDA's libraries can be loaded.
 *
 * @param libraries one report a library; empty if native access is denied
 * @param obstacle why nothing could be tried, or empty
 */
public record CudaProbe(List<LibraryReport> libraries, String obstacle) {

  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final String[][] LINUX = {
    {"NVIDIA driver", "libcuda.so.1"},
    {"CUDA runtime", "libcudart.so.13", "libcudart.so.12"},
    {"cuBLAS", "libcublas.so.13", "libcublas.so.12"},
    {"cuBLASLt", "libcublasLt.so.13", "libcublasLt.so.12"},
    {"cuDNN", "libcudnn.so.9"},
    {"NVRTC", "libnvrtc.so.13", "libnvrtc.so.12"},
  };

  private static final String[][] DLLS = {
    {"NVIDIA driver", "nvcuda.dll"},
    {"CUDA runtime", "cudart64_13.dll", "cudart64_12.dll"},
    {"cuBLAS", "cublas64_13.dll", "cublas64_12.dll"},
    {"cuBLASLt", "cublasLt64_13.dll", "cublasLt64_12.dll"},
    {"cuDNN", "cudnn64_9.dll"},
    {"NVRTC", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll"},
  };

  /** Copies the list. */
  public CudaProbe {
    libraries = List.copyOf(libraries);
  }

  /**
   * Looks for the libraries: by name, as the loader does (LD_LIBRARY_PATH, the system's folders),
   * then in CUDA_HOME, CUDA_PATH and /usr/local/cuda*.
   *
   * @return what was found
   */
  public static CudaProbe run() {
    Loader loader;
    try {
      loader = Loader.open();
    } catch (IllegalCallerException e) {
      return new CudaProbe(
          List.of(),
          "native access is denied ("
              + e.getMessage()
              + "); start java with "
              + "--enable-native-access="
              + moduleName());
    }
    List<Path> folders = folders();
    List<LibraryReport> reports = new ArrayList<>();
    for (String[] library : WINDOWS ? DLLS : LINUX) {
      List<String> names = List.of(library).subList(1, library.length);
      reports.add(find(loader, library[0], names, folders));
    }
    return new CudaProbe(reports, "");
  }

  private static String moduleName() {
    Module module = CudaProbe.class.getModule();
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  static LibraryReport find(Loader loader, String purpose, List<String> names, List<Path> folders) {
    List<LibraryReport.Attempt> attempts = new ArrayList<>();
    for (String name : names) {
      Set<String> places = new LinkedHashSet<>();
      places.add(name);
      folders.forEach(folder -> places.add(folder.resolve(name).toString()));
      for (String place : places) {
        // A path that is not there needs no loader to say so.
        if (!place.equals(name) && !Files.exists(Path.of(place))) {
          continue;
        }
        String answer = loader.load(place);
        if (answer.isEmpty()) {
          return new LibraryReport(purpose, place, attempts);
        }
        attempts.add(new LibraryReport.Attempt(place, answer));
      }
    }
    return new LibraryReport(purpose, "", attempts);
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    for (String variable : new String[] {"CUDA_HOME", "CUDA_PATH"}) {
      String home = System.getenv(variable);
      if (home != null && !home.isBlank()) {
        addLibraries(folders, Path.of(home));
      }
    }
    try (DirectoryStream<Path> installed =
        Files.newDirectoryStream(Path.of("/usr/local"), "cuda*")) {
      installed.forEach(home -> addLibraries(folders, home));
    } catch (IOException e) {
      // No such folder here: nothing to look into.
    }
    return folders;
  }

  private static void addLibraries(List<Path> folders, Path home) {
    folders.add(home.resolve(WINDOWS ? "bin" : "lib64"));
    folders.add(home.resolve("lib"));
  }

  /**
   * Whether every library was found.
   *
   * @return true if so
   */
  public boolean isComplete() {
    return obstacle.isEmpty() && libraries.stream().allMatch(LibraryReport::isFound);
  }

  /**
   * What is missing, in one line.
   *
   * @return such as {@code NVIDIA driver, cuDNN not found}, or empty
   */
  public String summary() {
    if (!obstacle.isEmpty()) {
      return obstacle;
    }
    List<String> missing =
        libraries.stream().filter(l -> !l.isFound()).map(LibraryReport::purpose).toList();
    if (missing.isEmpty()) {
      return "";
    }
    String why =
        libraries.stream()
            .filter(l -> !l.isFound() && !l.attempts().isEmpty())
            .findFirst()
            .map(l -> l.attempts().getFirst().answer())
            .orElse("");
    return String.join(", ", missing) + " not found (" + why + ")";
  }
}
