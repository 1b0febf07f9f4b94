package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A computer in a folder, with a loader that opens every file that says it is a library. */
final class FakeSystem implements Opener {

  /** What a file holds that must not be opened. */
  static final String CUT_OFF = "libra";

  private static final String LIBRARY = "library";

  private static final String OF_CUDA = LIBRARY + " of CUDA ";

  private final Path root;
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private Path loaderFolder;
  private int driver = 13000;

  /** What was opened, in order. */
  final List<String> opened = new ArrayList<>();

  /** What was opened and closed again. */
  final List<String> closed = new ArrayList<>();

  private final Map<SymbolLookup, String> places = new HashMap<>();

  FakeSystem(Path root) {
    this.root = root;
    properties.put("os.name", "Linux");
    properties.put("os.arch", "amd64");
    properties.put("path.separator", ":");
    properties.put("user.home", root.resolve("home/me").toString());
  }

  FakeSystem property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  FakeSystem variable(String name, Object value) {
    variables.put(name, value.toString());
    return this;
  }

  /** The newest CUDA that the driver knows. */
  FakeSystem driver(int version) {
    driver = version;
    return this;
  }

  /** Libraries that the loader finds by their names. */
  FakeSystem onLoaderPath(String... names) {
    known.addAll(List.of(names));
    return this;
  }

  /** The folder of those libraries, where it is known. */
  FakeSystem loaderFolder(Path folder) {
    loaderFolder = folder;
    return this;
  }

  /** Puts libraries into a folder below the root. */
  Path install(String folder, String... names) {
    Path target = root.resolve(folder);
    for (String name : names) {
      write(target.resolve(name), LIBRARY);
    }
    return target;
  }

  /** Puts cuDNN, and a file that it opens itself, into a folder below the root. */
  Path installCudnn(String folder, int cuda) {
    Path target = install(folder, "libcudnn_graph.so.9");
    write(target.resolve("libcudnn.so.9"), OF_CUDA + cuda);
    return target;
  }

  /** The four libraries of a toolkit. */
  Path installToolkit(String folder, int major) {
    return install(
        folder,
        "libcudart.so." + major,
        "libcublas.so." + major,
        "libcublasLt.so." + major,
        "libnvrtc.so." + major);
  }

  Path write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path link(String link, Path target) {
    try {
      Files.createDirectories(root.resolve(link).getParent());
      return Files.createSymbolicLink(root.resolve(link), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SearchEnvironment environment() {
    return new SearchEnvironment(properties, variables, root);
  }

  LibraryFinder finder() {
    return new LibraryFinder(environment(), this);
  }

  BlasSearch blasSearch() {
    return new BlasSearch(environment(), this);
  }

  LibraryReport find(NativeLibrary library) {
    return finder().find(library).report();
  }

  @Override
  public Optional<String> problem(String place) {
    Path file = Path.of(place);
    try {
      return file.isAbsolute() && Files.readString(file).equals(CUT_OFF)
          ? Optional.of(place + " is cut off")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(place + " cannot be read");
    }
  }

  @Override
  public Optional<Path> folder(String name) {
    return Optional.ofNullable(loaderFolder);
  }

  @Override
  public Opened open(String place) {
    Path file = Path.of(place);
    if (!file.isAbsolute()) {
      return known.contains(place)
          ? succeed(place)
          : Opened.refused(place + ": cannot open shared object file: No such file or directory");
    }
    if (!Files.exists(file)) {
      return Opened.refused("dlopen(" + place + "): no such file");
    }
    try {
      assertNotEquals(CUT_OFF, Files.readString(file), place + " is opened");
      return Files.readString(file).startsWith(LIBRARY)
          ? succeed(place)
          : Opened.refused(place + ": invalid ELF header");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Opened succeed(String place) {
    opened.add(place);
    SymbolLookup lookup =
        new SymbolLookup() {
          @Override
          public Optional<MemorySegment> find(String name) {
            return Optional.of(MemorySegment.NULL);
          }
        };
    places.put(lookup, place);
    return new Opened(lookup, "");
  }

  @Override
  public void close(String place) {
    closed.add(place);
  }

  @Override
  public int cudnnCuda(SymbolLookup cudnn) {
    Path file = Path.of(places.get(cudnn));
    try {
      String text = file.isAbsolute() ? Files.readString(file) : LIBRARY;
      return text.startsWith(OF_CUDA) ? Integer.parseInt(text.substring(OF_CUDA.length())) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int driverVersion(SymbolLookup lookup) {
    return driver;
  }
}
