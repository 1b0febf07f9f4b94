package io.hypertape.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ladder of places where a BLAS may be: what variables of an installation name, what the
 * system's loader knows, where distributions and makers put things.
 */
final class BlasPlaces {

  private final SearchEnvironment environment;
  private final Set<Path> folders = new LinkedHashSet<>();

  private BlasPlaces(SearchEnvironment environment) {
    this.environment = environment;
  }

  /** The places in order: folders, and empty for the loader's own places. */
  static List<Optional<Path>> of(SearchEnvironment environment) {
    BlasPlaces named = new BlasPlaces(environment);
    named.addNamed();
    BlasPlaces installed = new BlasPlaces(environment);
    installed.addInstalled();
    installed.folders.removeAll(named.folders);
    List<Optional<Path>> places = new ArrayList<>();
    named.folders.forEach(folder -> places.add(Optional.of(folder)));
    places.add(Optional.empty());
    installed.folders.forEach(folder -> places.add(Optional.of(folder)));
    return places;
  }

  private void addNamed() {
    for (Path home : environment.list(environment.variable("MKLROOT"))) {
      addHome(home);
      add(home.resolve("lib/intel64"));
    }
    environment.list(environment.variable("ONEAPI_ROOT")).forEach(this::addOneApi);
    for (String variable : new String[] {"CONDA_PREFIX", "VIRTUAL_ENV"}) {
      for (Path prefix : environment.list(environment.variable(variable))) {
        addHome(prefix);
        add(prefix.resolve("Library/bin"));
      }
    }
  }

  private void addInstalled() {
    if (environment.isWindows()) {
      for (Path programs : environment.list(environment.variable("ProgramFiles(x86)"))) {
        addOneApi(programs.resolve("Intel/oneAPI"));
      }
    } else if (environment.isMac()) {
      for (String place : new String[] {"/opt/homebrew", "/usr/local", "/opt/local"}) {
        add(environment.at(place).resolve("opt/openblas/lib"));
        add(environment.at(place).resolve("lib"));
      }
    } else {
      addOneApi(environment.at("/opt/intel/oneapi"));
      add(environment.at("/opt/OpenBLAS/lib"));
      Path debian =
          environment.at("/usr/lib/" + (environment.isArm() ? "aarch64" : "x86_64") + "-linux-gnu");
      for (String kind : new String[] {"pthread", "openmp", "serial"}) {
        add(debian.resolve("openblas-" + kind));
        add(debian.resolve("blis-" + kind));
      }
      add(debian);
      for (String folder : new String[] {"/usr/local/lib", "/usr/lib64", "/usr/lib"}) {
        add(environment.at(folder));
      }
    }
    // pip's --user installs MKL's libraries there.
    for (Path home : environment.list(environment.property("user.home"))) {
      add(home.resolve(".local/lib"));
    }
  }

  private void addOneApi(Path root) {
    for (String part : new String[] {"dnnl", "mkl"}) {
      addHome(root.resolve(part).resolve("latest"));
    }
  }

  private void addHome(Path home) {
    add(home.resolve(environment.isWindows() ? "bin" : "lib"));
  }

  private void add(Path folder) {
    if (Files.isDirectory(folder)) {
      try {
        folders.add(folder.toRealPath());
      } catch (IOException e) {
        // A folder that may not be entered has nothing for us.
        return;
      }
    }
  }
}
