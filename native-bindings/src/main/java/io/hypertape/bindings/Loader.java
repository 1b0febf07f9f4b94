package io.hypertape.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/** Asks the system's loader for a library, and for its words if it refuses. */
final class Loader implements Opener {

  private static final int RTLD_NOW = 2;
  private static final int MAX_MESSAGE = 4096;

  private final SearchEnvironment environment;
  private final MethodHandle dlopen;
  private final MethodHandle dlerror;

  private Loader(SearchEnvironment environment, MethodHandle dlopen, MethodHandle dlerror) {
    this.environment = environment;
    this.dlopen = dlopen;
    this.dlerror = dlerror;
  }

  /**
   * The loader of this system; where there is no dlopen (Windows), {@link SymbolLookup} stands in.
   *
   * @throws IllegalCallerException if native access is denied to this module
   */
  static Loader open() {
    SearchEnvironment environment = SearchEnvironment.ofProcess();
    Linker linker = Linker.nativeLinker();
    SymbolLookup system = linker.defaultLookup();
    if (system.find("dlopen").isEmpty() || system.find("dlerror").isEmpty()) {
      // So that denial shows here and not in the middle of a search.
      MemorySegment.NULL.reinterpret(0);
      return new Loader(environment, null, null);
    }
    return new Loader(
        environment,
        linker.downcallHandle(
            system.find("dlopen").get(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)),
        linker.downcallHandle(
            system.find("dlerror").get(), FunctionDescriptor.of(ValueLayout.ADDRESS)));
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
    String refusal = load(place);
    if (!refusal.isEmpty()) {
      return Opened.refused(refusal);
    }
    try {
      return new Opened(SymbolLookup.libraryLookup(place, Arena.global()), "");
    } catch (IllegalArgumentException e) {
      return Opened.refused(String.valueOf(e.getMessage()));
    }
  }

  /** Loads a library for the rest of the process; empty if that works, else the loader's answer. */
  private String load(String place) {
    if (dlopen == null) {
      return "";
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle =
          (MemorySegment) dlopen.invokeExact(arena.allocateFrom(place), RTLD_NOW);
      if (handle.address() != 0) {
        return "";
      }
      MemorySegment message = (MemorySegment) dlerror.invokeExact();
      return message.address() == 0
          ? "not loaded, and the loader does not say why"
          : message.reinterpret(MAX_MESSAGE).getString(0);
    } catch (Throwable t) {
      throw new IllegalStateException("dlopen(" + place + ") could not be called", t);
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
