package io.hypertape.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ladder of places where CUDA's libraries may be. What the user names comes first, then what
 * the system's loader knows, then where installers put things.
 */
final class SearchPlaces {

  /** The property that names folders, or {@code none}. */
  static final String PROPERTY = "hypertape.cuda.path";

  /** The variable that names folders, or {@code none}. */
  static final String VARIABLE = "HYPERTAPE_CUDA_PATH";

  private static final String[] WHEELS = {
    "cu13", "cu12", "cuda_runtime", "cublas", "cuda_nvrtc", "cudnn"
  };

  private final SearchEnvironment environment;
  private final Set<Path> folders = new LinkedHashSet<>();
  private final Set<Path> real = new HashSet<>();

  private SearchPlaces(SearchEnvironment environment) {
    this.environment = environment;
  }

  /** Why nothing may be looked for; empty if it may. */
  static String switchedOff(SearchEnvironment environment) {
    String property = environment.property(PROPERTY);
    if (property.equalsIgnoreCase("none")) {
      return "CUDA is switched off by -D" + PROPERTY + "=none";
    }
    if (property.isEmpty() && environment.variable(VARIABLE).equalsIgnoreCase("none")) {
      return "CUDA is switched off by " + VARIABLE + "=none";
    }
    return "";
  }

  /** The places in order: folders, and empty for the loader's own places. */
  static List<Optional<Path>> of(SearchEnvironment environment) {
    SearchPlaces named = new SearchPlaces(environment);
    named.addNamed();
    SearchPlaces installed = new SearchPlaces(environment);
    installed.real.addAll(named.real);
    installed.addInstalled();
    List<Optional<Path>> places = new ArrayList<>();
    named.folders.forEach(folder -> places.add(Optional.of(folder)));
    places.add(Optional.empty());
    installed.folders.forEach(folder -> places.add(Optional.of(folder)));
    return places;
  }

  private void addNamed() {
    for (String list :
        new String[] {environment.property(PROPERTY), environment.variable(VARIABLE)}) {
      for (Path folder : environment.list(list)) {
        add(folder);
        addHome(folder);
      }
    }
    for (String variable : new String[] {"CUDA_HOME", "CUDA_PATH"}) {
      environment.list(environment.variable(variable)).forEach(this::addHome);
    }
  }

  private void addInstalled() {
    SearchEnvironment.matching(environment.at("/usr/local"), "cuda*").forEach(this::addHome);
    addDistribution();
    for (Path prefix : environment.list(environment.variable("CONDA_PREFIX"))) {
      addHome(prefix);
      add(prefix.resolve("Library").resolve("bin"));
    }
    addWheels();
  }

  /** The folders of an installation of CUDA. */
  private void addHome(Path home) {
    if (environment.isWindows()) {
      // CUDA 13 has its libraries one folder deeper than CUDA 12.
      add(home.resolve("bin").resolve("x64"));
      add(home.resolve("bin"));
    }
    add(home.resolve("lib64"));
    add(home.resolve("lib"));
    for (Path target : SearchEnvironment.matching(home.resolve("targets"), "*")) {
      if (isForThisMachine(target.getFileName().toString())) {
        add(target.resolve("lib"));
      }
    }
  }

  /** A toolkit may hold libraries for other machines, such as sbsa-linux for servers with Arm. */
  private boolean isForThisMachine(String target) {
    boolean arm = target.startsWith("aarch64") || target.startsWith("sbsa");
    return arm == environment.isArm();
  }

  private void addDistribution() {
    if (environment.isWindows()) {
      for (Path programs : environment.list(environment.variable("ProgramFiles"))) {
        Path toolkits = programs.resolve("NVIDIA GPU Computing Toolkit").resolve("CUDA");
        SearchEnvironment.matching(toolkits, "v*").forEach(this::addHome);
      }
      return;
    }
    boolean arm = environment.isArm();
    add(environment.at("/usr/lib/" + (arm ? "aarch64" : "x86_64") + "-linux-gnu"));
    add(environment.at("/usr/lib64"));
    add(environment.at("/usr/lib"));
    addHome(environment.at("/opt/cuda"));
    add(environment.at("/usr/lib/wsl/lib"));
  }

  private void addWheels() {
    for (Path site : sitePackages()) {
      for (String wheel : WHEELS) {
        Path folder = site.resolve("nvidia").resolve(wheel);
        add(folder.resolve("lib"));
        if (environment.isWindows()) {
          add(folder.resolve("bin").resolve("x86_64"));
          add(folder.resolve("bin"));
        }
      }
    }
  }

  /** Where pip installs: of the active environment, of the python3 on the PATH, of the user. */
  List<Path> sitePackages() {
    Set<Path> prefixes = new LinkedHashSet<>();
    prefixes.addAll(environment.list(environment.variable("VIRTUAL_ENV")));
    prefixes.addAll(pythonPrefixes());
    for (Path home : environment.list(environment.property("user.home"))) {
      prefixes.add(home.resolve(".local"));
    }
    List<Path> sites = new ArrayList<>();
    for (Path prefix : prefixes) {
      sites.add(prefix.resolve("Lib").resolve("site-packages"));
      for (String lib : new String[] {"local/lib", "lib"}) {
        for (Path version : SearchEnvironment.matching(prefix.resolve(lib), "python3*")) {
          sites.add(version.resolve("site-packages"));
          sites.add(version.resolve("dist-packages"));
        }
      }
    }
    sites.removeIf(site -> !Files.isDirectory(site.resolve("nvidia")));
    return sites;
  }

  /** What python3 says without being run: the folder above its bin, linked and real. */
  private List<Path> pythonPrefixes() {
    List<Path> prefixes = new ArrayList<>();
    for (Path folder : environment.list(environment.variable("PATH"))) {
      Path python = folder.resolve(environment.isWindows() ? "python.exe" : "python3");
      if (!Files.isRegularFile(python)) {
        continue;
      }
      addPrefix(prefixes, python.toAbsolutePath());
      try {
        addPrefix(prefixes, python.toRealPath());
      } catch (IOException e) {
        // Gone meanwhile: then it says nothing.
        continue;
      }
      break;
    }
    return prefixes;
  }

  private void addPrefix(List<Path> prefixes, Path python) {
    Path folder = python.getParent();
    Path prefix = environment.isWindows() ? folder : folder.getParent();
    if (prefix != null) {
      prefixes.add(prefix);
    }
  }

  private void add(Path folder) {
    if (Files.isDirectory(folder)) {
      try {
        // Such as /usr/local/cuda, which mostly is a link to one of its neighbours.
        if (real.add(folder.toRealPath())) {
          folders.add(folder.toAbsolutePath().normalize());
        }
      } catch (IOException e) {
        // A folder that may not be entered has nothing for us.
        return;
      }
    }
  }

  static List<Path> sitePackages(SearchEnvironment environment) {
    return new SearchPlaces(environment).sitePackages();
  }
}
