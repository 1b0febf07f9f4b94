package io.hypertape.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Asks the system's loader for a library, and for its words if it refuses. */
final class Loader implements Opener {

  private static final int RTLD_NOW = 2;
  private static final int MAX_MESSAGE = 4096;

  private final SearchEnvironment environment;
  private final MethodHandle dlopen;
  private final MethodHandle dlerror;
  private final MethodHandle dlclose;

  /** What is open: the loader's handle, and the arena of the functions' addresses. */
  private final Map<String, Library> libraries = new ConcurrentHashMap<>();

  private record Library(MemorySegment handle, Arena arena) {}

  private Loader(SearchEnvironment environment, SymbolLookup system) {
    this.environment = environment;
    Linker linker = Linker.nativeLinker();
    this.dlopen =
        linker.downcallHandle(
            system.find("dlopen").get(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    this.dlerror =
        linker.downcallHandle(
            system.find("dlerror").get(), FunctionDescriptor.of(ValueLayout.ADDRESS));
    this.dlclose =
        linker.downcallHandle(
            system.find("dlclose").get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /** Where there is no dlopen. */
  private Loader(SearchEnvironment environment) {
    this.environment = environment;
    this.dlopen = null;
    this.dlerror = null;
    this.dlclose = null;
  }

  /**
   * The loader of this system; where there is no dlopen (Windows), {@link SymbolLookup} stands in.
   *
   * @throws IllegalCallerException if native access is denied to this module
   */
  static Loader open() {
    SearchEnvironment environment = SearchEnvironment.ofProcess();
    SymbolLookup system = Linker.nativeLinker().defaultLookup();
    if (!Stream.of("dlopen", "dlerror", "dlclose").allMatch(f -> system.find(f).isPresent())) {
      // So that denial shows here and not in the middle of a search.
      MemorySegment.NULL.reinterpret(0);
      return new Loader(environment);
    }
    return new Loader(environment, system);
  }

  @Override
  public Optional<String> problem(String place) {
    Path path = Path.of(place);
    if (path.isAbsolute()) {
      return Optional.of(LibraryFile.look(path, environment).text())
          .filter(text -> !text.isEmpty());
    }
    return environment.isLinux() ? new LoaderPath(environment).danger(place) : Optional.empty();
  }

  @Override
  public Optional<Path> folder(String name) {
    return environment.isLinux() ? new LoaderPath(environment).folder(name) : Optional.empty();
  }

  @Override
  public Opened open(String place) {
    MemorySegment handle = MemorySegment.NULL;
    if (dlopen != null) {
      handle = load(place);
      if (handle.address() == 0) {
        return Opened.refused(refusal());
      }
    }
    Arena arena = Arena.ofShared();
    try {
      SymbolLookup lookup = SymbolLookup.libraryLookup(place, arena);
      libraries.putIfAbsent(place, new Library(handle, arena));
      return new Opened(lookup, "");
    } catch (IllegalArgumentException e) {
      arena.close();
      return Opened.refused(String.valueOf(e.getMessage()));
    }
  }

  private MemorySegment load(String place) {
    try (Arena arena = Arena.ofConfined()) {
      return (MemorySegment) dlopen.invokeExact(arena.allocateFrom(place), RTLD_NOW);
    } catch (Throwable t) {
      throw new IllegalStateException("dlopen(" + place + ") could not be called", t);
    }
  }

  private String refusal() {
    try {
      MemorySegment message = (MemorySegment) dlerror.invokeExact();
      return message.address() == 0
          ? "not loaded, and the loader does not say why"
          : message.reinterpret(MAX_MESSAGE).getString(0);
    } catch (Throwable t) {
      throw new IllegalStateException("dlerror could not be called", t);
    }
  }

  @Override
  public void close(String place) {
    Library library = libraries.remove(place);
    if (library == null) {
      return;
    }
    library.arena().close();
    if (library.handle().address() != 0) {
      try {
        int status = (int) dlclose.invokeExact(library.handle());
        assert status == 0 : place + " was not closed";
      } catch (Throwable t) {
        throw new IllegalStateException("dlclose(" + place + ") could not be called", t);
      }
    }
  }

  @Override
  public int cudnnCuda(SymbolLookup cudnn) {
    Optional<MemorySegment> function = cudnn.find("cudnnGetCudartVersion");
    if (function.isEmpty()) {
      return 0;
    }
    try {
      return Math.toIntExact(
          (long)
              Linker.nativeLinker()
                  .downcallHandle(function.get(), FunctionDescriptor.of(ValueLayout.JAVA_LONG))
                  .invokeExact());
    } catch (Throwable t) {
      throw new IllegalStateException("cudnnGetCudartVersion could not be called", t);
    }
  }

  @Override
  public int driverVersion(SymbolLookup driver) {
    Optional<MemorySegment> function = driver.find("cuDriverGetVersion");
    if (function.isEmpty()) {
      return 0;
    }
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(
                function.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(ValueLayout.JAVA_INT);
      int status = (int) handle.invokeExact(version);
      return status == 0 ? version.get(ValueLayout.JAVA_INT, 0) : 0;
    } catch (Throwable t) {
      throw new IllegalStateException("cuDriverGetVersion could not be called", t);
    }
  }
}
