package io.hypertape.bindings;

import io.hypertape.bindings.LibraryReport.Attempt;
import io.hypertape.bindings.Opener.Opened;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for libraries along the ladder of places, each place newest version first, and keeps every
 * refusal. The libraries of a toolkit are taken from one major version of CUDA, the first on the
 * ladder that is complete and that the driver knows.
 */
final class LibraryFinder {

  /** A library that was looked for; its functions, and how far down the ladder it was. */
  record Found(LibraryReport report, SymbolLookup lookup, int rung) {}

  private static final int ANY = 0;
  private static final int[] MAJORS = {13, 12};
  private static final int CUDA_MAJOR = 1000;
  private static final List<NativeLibrary> TOOLKIT =
      List.of(
          NativeLibrary.CUDA_RUNTIME,
          NativeLibrary.CUBLAS_LT,
          NativeLibrary.CUBLAS,
          NativeLibrary.NVRTC);

  private final SearchEnvironment environment;
  private final Opener opener;
  private final List<Optional<Path>> places;
  private final Map<NativeLibrary, Found> found = new EnumMap<>(NativeLibrary.class);
  private int driverVersion;

  LibraryFinder(SearchEnvironment environment, Opener opener) {
    this.environment = environment;
    this.opener = opener;
    this.places = SearchPlaces.of(environment);
  }

  /** Looks for a library and for what must be loaded before; the second time, remembers. */
  synchronized Found find(NativeLibrary library) {
    if (!found.containsKey(library)) {
      if (library == NativeLibrary.CUDA_DRIVER) {
        Found driver = search(library, ANY);
        driverVersion = driver.report().isFound() ? opener.driverVersion(driver.lookup()) : 0;
        found.put(library, driver);
      } else if (library.isOfToolkit()) {
        findToolkit();
      } else {
        // cuDNN opens cuBLAS and NVRTC by name: they must be there before, and of its CUDA.
        find(NativeLibrary.CUBLAS);
        Found runtime = find(NativeLibrary.CUDA_RUNTIME);
        found.put(library, search(library, runtime.report().isFound() ? major(runtime) : ANY));
      }
    }
    return found.get(library);
  }

  private void findToolkit() {
    find(NativeLibrary.CUDA_DRIVER);
    List<Map<NativeLibrary, Found>> toolkits = new ArrayList<>();
    for (int major : MAJORS) {
      Found runtime = search(NativeLibrary.CUDA_RUNTIME, major);
      if (runtime.report().isFound()) {
        toolkits.add(new EnumMap<>(Map.of(NativeLibrary.CUDA_RUNTIME, runtime)));
      }
    }
    toolkits.sort(Comparator.comparingInt(kit -> kit.get(NativeLibrary.CUDA_RUNTIME).rung()));
    for (Map<NativeLibrary, Found> toolkit : toolkits) {
      int major = major(toolkit.get(NativeLibrary.CUDA_RUNTIME));
      TOOLKIT.forEach(library -> complete(toolkit, library, major));
      if (toolkit.values().stream().allMatch(one -> one.report().isFound())) {
        found.putAll(toolkit);
        return;
      }
    }
    // None is complete: what the first one lacks is what there is to say.
    Map<NativeLibrary, Found> best =
        toolkits.isEmpty() ? new EnumMap<>(NativeLibrary.class) : toolkits.getFirst();
    TOOLKIT.forEach(library -> complete(best, library, ANY));
    found.putAll(best);
  }

  private void complete(Map<NativeLibrary, Found> toolkit, NativeLibrary library, int major) {
    if (!toolkit.containsKey(library)) {
      library.neighbours().forEach(before -> complete(toolkit, before, major));
      toolkit.put(library, search(library, major, neighbourFolder(toolkit, library)));
    }
  }

  /** cuBLAS is best taken from where its other half is. */
  private static Optional<Path> neighbourFolder(
      Map<NativeLibrary, Found> toolkit, NativeLibrary library) {
    return library.neighbours().stream()
        .map(neighbour -> toolkit.get(neighbour).report().found())
        .filter(place -> place.contains("/") || place.contains("\\"))
        .map(place -> Path.of(place).getParent())
        .findFirst();
  }

  private int major(Found runtime) {
    String name = Path.of(runtime.report().found()).getFileName().toString();
    return MAJORS[NativeLibrary.CUDA_RUNTIME.fileNames(environment).indexOf(name)];
  }

  private Found search(NativeLibrary library, int major) {
    return search(library, major, Optional.empty());
  }

  private Found search(NativeLibrary library, int major, Optional<Path> first) {
    List<Attempt> attempts = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    List<Optional<Path>> ladder = new ArrayList<>(places);
    first.ifPresent(folder -> ladder.addFirst(Optional.of(folder)));
    for (int rung = 0; rung < ladder.size(); rung++) {
      Optional<Path> folder = ladder.get(rung);
      boolean isHere = false;
      List<String> names = library.fileNames(environment);
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String place = folder.map(path -> path.resolve(name).toString()).orElse(name);
        if (folder.isPresent()
            && !Files.exists(folder.get().resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        isHere = true;
        String unfit = library.isOfToolkit() ? unfit(MAJORS[i], major) : "";
        if (!unfit.isEmpty()) {
          attempts.add(new Attempt(place, unfit));
          continue;
        }
        Optional<String> problem = problem(library, folder, name);
        if (problem.isPresent()) {
          attempts.add(new Attempt(place, problem.get()));
          continue;
        }
        List<String> companions =
            folder.map(path -> loadCompanions(library, path, name, attempts)).orElse(List.of());
        Opened opened = opener.open(place);
        if (!opened.isRefused()) {
          String otherCuda = library.isOfToolkit() ? "" : otherCuda(library, opened, major);
          if (!otherCuda.isEmpty()) {
            opener.close(place);
            companions.reversed().forEach(opener::close);
            attempts.add(new Attempt(place, otherCuda));
            continue;
          }
          return new Found(
              new LibraryReport(library, place, location(place), attempts, folders),
              opened.lookup(),
              rung);
        }
        attempts.add(new Attempt(place, opened.refusal()));
      }
      if (!isHere) {
        folder.ifPresent(path -> folders.add(path.toString()));
      }
    }
    return new Found(
        new LibraryReport(library, "", "", attempts, folders),
        Opened.refused("not found").lookup(),
        ladder.size());
  }

  /** Why a file of a version is left alone; empty if it may be tried. */
  private String unfit(int fileMajor, int major) {
    if (driverVersion != 0 && fileMajor > driverVersion / CUDA_MAJOR) {
      return "left out: it is of CUDA "
          + fileMajor
          + ", but the driver knows CUDA only up to "
          + driverVersion / CUDA_MAJOR
          + "."
          + driverVersion % CUDA_MAJOR / 10
          + "; a newer driver would do";
    }
    if (major != ANY && fileMajor != major) {
      return "left out: it is of CUDA " + fileMajor + ", but CUDA " + major + " is looked for";
    }
    return "";
  }

  /**
   * What an opened cuDNN was built for, if that is another CUDA than the one that was found: it
   * would fail at its first layer, or compute with two runtimes. Empty if it fits or does not say.
   */
  private String otherCuda(NativeLibrary library, Opened opened, int major) {
    if (library != NativeLibrary.CUDNN || major == ANY) {
      return "";
    }
    int cuda = opener.cudnnCuda(opened.lookup());
    return cuda == 0 || cuda / CUDA_MAJOR == major
        ? ""
        : "left out: it was built for CUDA "
            + cuda / CUDA_MAJOR
            + ", but the CUDA that was found is "
            + major
            + "; install cuDNN 9 for CUDA "
            + major;
  }

  /** Why a library must not be opened: for its own sake, or for what it opens itself later. */
  private Optional<String> problem(NativeLibrary library, Optional<Path> folder, String name) {
    Optional<String> own =
        opener.problem(folder.map(path -> path.resolve(name).toString()).orElse(name));
    if (own.isPresent()) {
      return own;
    }
    Optional<Path> where = folder.isPresent() ? folder : opener.folder(name);
    return where.stream()
        .flatMap(path -> companions(library, path, name).stream())
        .flatMap(file -> opener.problem(file).stream())
        .map(text -> "left out: it opens others beside it, and " + text)
        .findFirst();
  }

  /** The files beside a library that it opens itself later, in the order of their needs. */
  private List<String> companions(NativeLibrary library, Path folder, String name) {
    List<String> files = new ArrayList<>();
    for (String companion : library.companions()) {
      String pattern =
          environment.isWindows()
              ? companion + "64_*.dll"
              : "lib" + companion + name.substring(name.indexOf(".so.")) + "*";
      SearchEnvironment.matching(folder, pattern).stream()
          .findFirst()
          .ifPresent(file -> files.add(file.toString()));
    }
    return files;
  }

  /** Gives the files that were opened. */
  private List<String> loadCompanions(
      NativeLibrary library, Path folder, String name, List<Attempt> attempts) {
    List<String> opened = new ArrayList<>();
    for (String file : companions(library, folder, name)) {
      Opened answer = opener.open(file);
      if (answer.isRefused()) {
        attempts.add(new Attempt(file, answer.refusal()));
      } else {
        opened.add(file);
      }
    }
    return opened;
  }

  /** The file behind a place: the path's own, or the one that Linux says is in memory. */
  static String location(String place) {
    Path path = Path.of(place);
    if (path.isAbsolute()) {
      try {
        return path.toRealPath().toString();
      } catch (IOException e) {
        return place;
      }
    }
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.map(line -> line.substring(line.indexOf('/') + 1))
          .filter(file -> file.substring(file.lastIndexOf('/') + 1).startsWith(place))
          .findFirst()
          .map(file -> "/" + file)
          .orElse(place);
    } catch (IOException | UncheckedIOException e) {
      return place;
    }
  }
}
