package io.hypertape.bindings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * CUDA's libraries in this process: looked for when the first is asked for, loaded once, never
 * unloaded.
 */
public final class NativeLibraries {

  /** Late: see {@link LateLoader}. */
  private static final class Search {
    static final Search OF_PROCESS = new Search(SearchEnvironment.ofProcess());

    final String switchedOff;
    final LateLoader loader;
    final LibraryFinder finder;

    private Search(SearchEnvironment environment) {
      switchedOff = SearchPlaces.switchedOff(environment);
      loader = new LateLoader(environment, Loader::open);
      finder = new LibraryFinder(environment, loader);
    }

    Optional<String> obstacle() {
      if (!switchedOff.isEmpty()) {
        return Optional.of(switchedOff);
      }
      finder.find(NativeLibrary.CUDA_DRIVER);
      return loader.denial().map(e -> denied(NativeLibraries.class.getModule(), e));
    }
  }

  private NativeLibraries() {}

  static String denied(Module module, IllegalCallerException cause) {
    String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    return "native access is denied to "
        + (module.isNamed() ? "module " + name : "the class path (module io.hypertape.bindings)")
        + " ("
        + cause.getMessage()
        + "); start java with --enable-native-access="
        + name;
  }

  /**
   * Why no library is opened at all: CUDA is switched off, or native access is denied.
   *
   * @return one line; empty if libraries are looked for
   */
  public static Optional<String> obstacle() {
    return Search.OF_PROCESS.obstacle();
  }

  /**
   * The functions of a library.
   *
   * @param library which
   * @return its functions
   * @throws UnsatisfiedLinkError if it cannot be loaded, with the reason
   */
  public static SymbolLookup lookup(NativeLibrary library) {
    Optional<String> problem = problem(library);
    if (problem.isPresent()) {
      throw new UnsatisfiedLinkError(problem.get());
    }
    return Search.OF_PROCESS.finder.find(library).lookup();
  }

  /**
   * A function of a library.
   *
   * @param library which
   * @param symbol the function's name
   * @return its address
   * @throws UnsatisfiedLinkError if the library cannot be loaded or has no such function
   */
  public static MemorySegment find(NativeLibrary library, String symbol) {
    return lookup(library)
        .find(symbol)
        .orElseThrow(() -> new UnsatisfiedLinkError(missing(report(library), symbol)));
  }

  static String missing(LibraryReport report, String symbol) {
    return report.purpose()
        + " ("
        + report.location()
        + ") has no function "
        + symbol
        + "; it may be older than CUDA 12";
  }

  /**
   * Whether a library is there; loads it.
   *
   * @param library which
   * @return true if its functions can be called
   */
  public static boolean isAvailable(NativeLibrary library) {
    return problem(library).isEmpty();
  }

  /**
   * Where a library is; loads it.
   *
   * @param library which
   * @return the file behind its name as far as that is known; empty if there is none
   */
  public static Optional<String> location(NativeLibrary library) {
    return obstacle().isPresent()
        ? Optional.empty()
        : Optional.of(report(library).location()).filter(place -> !place.isEmpty());
  }

  /**
   * Why a library cannot be used; loads it if it can.
   *
   * @param library which
   * @return one line with what would mend it; empty if it can
   */
  public static Optional<String> problem(NativeLibrary library) {
    if (obstacle().isPresent()) {
      return obstacle();
    }
    return problem(List.of(report(library)));
  }

  /**
   * Why CUDA cannot be used as far as its libraries go; loads those that nothing goes without,
   * unless there is no driver, without which they are of no use.
   *
   * @return one line that names what is missing and what would mend it; empty if nothing is
   */
  public static Optional<String> problem() {
    if (obstacle().isPresent()) {
      return obstacle();
    }
    Optional<String> noDriver = problem(NativeLibrary.CUDA_DRIVER);
    if (noDriver.isPresent()) {
      return noDriver;
    }
    return problem(
        Arrays.stream(NativeLibrary.values())
            .filter(NativeLibrary::isRequired)
            .map(NativeLibraries::report)
            .toList());
  }

  static Optional<String> problem(List<LibraryReport> reports) {
    List<LibraryReport> missing = reports.stream().filter(report -> !report.isFound()).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    LibraryReport first = missing.getFirst();
    return Optional.of(
        String.join(", ", missing.stream().map(LibraryReport::purpose).toList())
            + " not found ("
            + first.reason()
            + "); "
            + first.library().advice());
  }

  private static LibraryReport report(NativeLibrary library) {
    return Search.OF_PROCESS.finder.find(library).report();
  }

  /**
   * What was looked for and found; loads what there is.
   *
   * @return a report a library; none if there is an {@linkplain #obstacle() obstacle}
   */
  public static List<LibraryReport> report() {
    if (obstacle().isPresent()) {
      return List.of();
    }
    return Arrays.stream(NativeLibrary.values()).map(NativeLibraries::report).toList();
  }

  /**
   * What to install.
   *
   * @return a line a library that is missing
   */
  public static List<String> advice() {
    return advice(report());
  }

  static List<String> advice(List<LibraryReport> reports) {
    List<String> lines = new ArrayList<>();
    for (LibraryReport report : reports) {
      if (!report.isFound()) {
        lines.add(
            report.purpose()
                + (report.library().isRequired() ? "" : " (optional)")
                + ": "
                + report.library().advice());
      }
    }
    return lines;
  }
}
