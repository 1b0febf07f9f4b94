package io.hypertape.bindings;

import io.hypertape.bindings.BlasCandidate.Origin;
import io.hypertape.bindings.LibraryReport.Attempt;
import io.hypertape.bindings.Opener.Opened;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks for a library with matrix products: the file that the user names, or the first that serves
 * on the ladder of families and places. Every refusal is kept. What was loaded stays so for the
 * rest of the process.
 */
public final class BlasSearch {

  private static final String FITS = "OpenBLAS, MKL, oneDNN, BLIS or another BLAS";

  /** How loaders say that there is nothing of a name: of Linux, macOS and Windows. */
  private static final List<String> ABSENT =
      List.of("cannot open shared object file", "no such file", "Cannot open library");

  private static final String MKL_PARTS = "libmkl_core.so*";

  private final SearchEnvironment environment;
  private final Opener opener;

  /**
   * Makes something of a library.
   *
   * @param <T> what it makes
   */
  @FunctionalInterface
  public interface Binder<T> {

    /**
     * Binds a library's functions and tries them.
     *
     * @param candidate the library
     * @return what was made of it
     * @throws UnfitLibraryException if it does not serve, with the reason
     */
    T bind(BlasCandidate candidate) throws UnfitLibraryException;
  }

  /** One search. */
  private final class Walk<T> {
    private final Binder<T> binder;
    private final List<Attempt> attempts = new ArrayList<>();

    Walk(Binder<T> binder) {
      this.binder = binder;
    }

    /** What was made of a library; empty if it was refused. */
    Optional<T> visit(String place, Origin origin) {
      Optional<String> problem = problem(place);
      if (problem.isPresent()) {
        return refuse(place, problem.get());
      }
      Opened opened = opener.open(place);
      if (opened.isRefused()) {
        return refuse(place, opened.refusal());
      }
      String location = LibraryFinder.location(place);
      try {
        return Optional.of(binder.bind(new BlasCandidate(location, opened.lookup(), origin)));
      } catch (UnfitLibraryException e) {
        return refuse(place, String.valueOf(e.getMessage()));
      }
    }

    private Optional<T> refuse(String place, String answer) {
      attempts.add(new Attempt(place, answer));
      return Optional.empty();
    }
  }

  BlasSearch(SearchEnvironment environment, Opener opener) {
    this.environment = environment;
    this.opener = opener;
  }

  private static BlasSearch ofProcess() {
    return new BlasSearch(SearchEnvironment.ofProcess(), Loader.open());
  }

  /**
   * Looks for a library where such libraries are.
   *
   * @param binder takes a library or refuses it
   * @return what was found, or why nothing was
   * @param <T> what a library is made into
   */
  public static <T> BlasReport<T> auto(Binder<T> binder) {
    try {
      return ofProcess().walk(binder);
    } catch (IllegalCallerException e) {
      return denied(e);
    }
  }

  /**
   * Takes a library by its file.
   *
   * @param file its path
   * @param binder takes the library or refuses it
   * @return what was made of it, or why nothing was
   * @param <T> what a library is made into
   */
  public static <T> BlasReport<T> named(Path file, Binder<T> binder) {
    try {
      return ofProcess().take(file, binder);
    } catch (IllegalCallerException e) {
      return denied(e);
    }
  }

  private static <T> BlasReport<T> denied(IllegalCallerException e) {
    String reason = NativeLibraries.denied(BlasSearch.class.getModule(), e);
    return new BlasReport<>(Optional.empty(), List.of(), reason);
  }

  <T> BlasReport<T> take(Path file, Binder<T> binder) {
    Walk<T> walk = new Walk<>(binder);
    String place = file.toAbsolutePath().normalize().toString();
    Optional<T> library = walk.visit(place, Origin.NAMED);
    return new BlasReport<>(library, walk.attempts, problem(library, walk));
  }

  /** Why a library must not be opened. macOS keeps its own where there is no file to look at. */
  private Optional<String> problem(String place) {
    return place.equals(BlasFamily.ACCELERATE)
        ? Optional.empty()
        : opener.problem(place).or(() -> missingParts(place));
  }

  private static <T> String problem(Optional<T> library, Walk<T> walk) {
    if (library.isPresent()) {
      return "";
    }
    Attempt attempt = walk.attempts.getLast();
    String words = attempt.answer();
    return (words.contains(attempt.place()) ? "" : attempt.place() + ": ")
        + words
        + "; the file of "
        + FITS
        + " fits";
  }

  <T> BlasReport<T> walk(Binder<T> binder) {
    Walk<T> walk = new Walk<>(binder);
    if (environment.isMac()) {
      Optional<T> own = walk.visit(BlasFamily.ACCELERATE, Origin.FOUND);
      if (own.isPresent()) {
        return new BlasReport<>(own, walk.attempts, "");
      }
    }
    List<Optional<Path>> places = BlasPlaces.of(environment);
    for (BlasFamily family : families()) {
      for (Optional<Path> place : places) {
        for (String name : family.fileNames(environment)) {
          if (place.isEmpty() || exists(place.get().resolve(name))) {
            String file = place.map(folder -> folder.resolve(name).toString()).orElse(name);
            Optional<T> library = walk.visit(file, Origin.FOUND);
            if (library.isPresent()) {
              return new BlasReport<>(library, walk.attempts, "");
            }
          }
        }
      }
    }
    return new BlasReport<>(Optional.empty(), walk.attempts, notFound(walk.attempts, places));
  }

  private List<BlasFamily> families() {
    return Arrays.stream(BlasFamily.values())
        .filter(family -> family.serves(environment))
        .filter(family -> !family.fileNames(environment).isEmpty())
        .toList();
  }

  private static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private String notFound(List<Attempt> attempts, List<Optional<Path>> places) {
    String seen =
        attempts.stream()
            .filter(BlasSearch::isThere)
            .map(attempt -> attempt.place() + ": " + attempt.answer())
            .collect(Collectors.joining("; "));
    String names =
        families().stream()
            .map(family -> family.title() + " (" + family.fileNames(environment).getFirst() + ")")
            .collect(Collectors.joining(", "));
    return "no BLAS serves: "
        + (seen.isEmpty() ? "" : seen + "; ")
        + names
        + " were looked for by the system's loader and in "
        + (places.size() - 1)
        + " folders; install one ("
        + advice()
        + "), or name its file";
  }

  /** Whether a refusal is of something that is there: a file, or a name that the loader knows. */
  private static boolean isThere(Attempt attempt) {
    return attempt.place().matches(".*[/\\\\].*")
        || ABSENT.stream().noneMatch(attempt.answer()::contains);
  }

  private String advice() {
    if (environment.isWindows()) {
      return "conda install openblas, or MKL from Intel";
    }
    return environment.isMac()
        ? "brew install openblas"
        : "apt-get install libopenblas0-pthread, dnf install openblas, conda install openblas";
  }

  /** MKL's front ends the process at its first call if it does not find the rest of MKL. */
  private Optional<String> missingParts(String place) {
    Path path = Path.of(place);
    if (!environment.isLinux() || !path.getFileName().toString().startsWith("libmkl_rt.so")) {
      return Optional.empty();
    }
    Optional<Path> folder =
        path.isAbsolute() ? Optional.of(path.getParent()) : opener.folder(place);
    boolean isWhole =
        folder.isEmpty() || !SearchEnvironment.matching(folder.get(), MKL_PARTS).isEmpty();
    return isWhole
        ? Optional.empty()
        : Optional.of(
            "left out: it loads the rest of MKL, and ends the process if that is missing: "
                + folder.get()
                + " has no "
                + MKL_PARTS);
  }
}
