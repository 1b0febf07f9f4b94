package io.hypertape.bindings;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/** Whoever opens libraries: the system's loader, or a test. */
interface Opener {

  /**
   * What came of opening.
   *
   * @param lookup the library's functions; none if it was refused
   * @param refusal why it was refused; empty if it was opened
   */
  record Opened(SymbolLookup lookup, String refusal) {

    static Opened refused(String refusal) {
      return new Opened(name -> Optional.empty(), refusal);
    }

    boolean isRefused() {
      return !refusal.isEmpty();
    }
  }

  /**
   * Why a name or path must not be opened: a file that is cut off ends the process when it is
   * loaded, and one that is no file may keep it waiting.
   *
   * @return a clause; empty if nothing speaks against it
   */
  Optional<String> problem(String place);

  /** The folder in which a name without one will be found; empty if that cannot be told. */
  Optional<Path> folder(String name);

  /** Opens a library for the rest of the process. */
  Opened open(String place);

  /**
   * Undoes {@link #open} as far as the loader lets it: what is opened from elsewhere under the same
   * name shall not meet what was opened for this.
   */
  default void close(String place) {}

  /** The CUDA that an opened cuDNN was built for, such as 13000; 0 if it does not say. */
  default int cudnnCuda(SymbolLookup cudnn) {
    return 0;
  }

  /** The newest CUDA that an opened driver knows, such as 13000; 0 if it does not say. */
  int driverVersion(SymbolLookup driver);
}
