package io.hypertape.bindings;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the system's loader only where there is a file for it: the first native call makes Java warn
 * a program without {@code --enable-native-access}, which is of no use where nothing is installed.
 * A denial of such calls is an answer like others, and remembered.
 */
final class LateLoader implements Opener {

  private final SearchEnvironment environment;
  private final LoaderPath path;
  private final Supplier<Opener> loaders;
  private Opener loader;
  private IllegalCallerException denial;

  /**
   * Makes one that has not asked for anything.
   *
   * @param loaders gives the system's loader, or throws {@link IllegalCallerException}
   */
  LateLoader(SearchEnvironment environment, Supplier<Opener> loaders) {
    this.environment = environment;
    this.path = new LoaderPath(environment);
    this.loaders = loaders;
  }

  /** Why nothing may be called; empty if that is not known to be so. */
  Optional<IllegalCallerException> denial() {
    return Optional.ofNullable(denial);
  }

  @Override
  public Optional<String> problem(String place) {
    return isNowhere(place) || isDenied() ? Optional.empty() : loader.problem(place);
  }

  @Override
  public Optional<Path> folder(String name) {
    return isNowhere(name) || isDenied() ? Optional.empty() : loader.folder(name);
  }

  @Override
  public Opened open(String place) {
    if (isNowhere(place)) {
      return Opened.refused(place + ": no such file where the system's loader looks");
    }
    return isDenied() ? Opened.refused(denial.getMessage()) : loader.open(place);
  }

  @Override
  public void close(String place) {
    if (loader != null) {
      loader.close(place);
    }
  }

  @Override
  public int cudnnCuda(SymbolLookup cudnn) {
    return isDenied() ? 0 : loader.cudnnCuda(cudnn);
  }

  @Override
  public int driverVersion(SymbolLookup driver) {
    return isDenied() ? 0 : loader.driverVersion(driver);
  }

  /** Known on Linux only; elsewhere the loader itself has to say. */
  private boolean isNowhere(String place) {
    return environment.isLinux() && !place.contains("/") && path.candidates(place).isEmpty();
  }

  private boolean isDenied() {
    if (loader == null && denial == null) {
      try {
        loader = loaders.get();
      } catch (IllegalCallerException e) {
        denial = e;
      }
    }
    return denial != null;
  }
}
