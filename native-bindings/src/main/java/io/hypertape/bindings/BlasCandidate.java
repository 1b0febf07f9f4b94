package io.hypertape.bindings;

import java.lang.foreign.SymbolLookup;

/**
 * A library that was loaded and may have matrix products.
 *
 * @param location the file behind it as far as known
 * @param symbols its functions, and those of the libraries that it needs
 * @param origin how it was come upon
 */
public record BlasCandidate(String location, SymbolLookup symbols, Origin origin) {

  /** How a library was come upon. */
  public enum Origin {
    /** The user has named its file. */
    NAMED,
    /** It was found where such libraries are. */
    FOUND
  }
}
