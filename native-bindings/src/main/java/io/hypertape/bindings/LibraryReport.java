package io.hypertape.bindings;

import java.util.List;

/**
 * What came of looking for one library.
 *
 * @param purpose what it is, such as {@code cuBLAS}
 * @param found the name or path that the loader took; empty if none
 * @param attempts everything tried before that, in order
 */
public record LibraryReport(String purpose, String found, List<Attempt> attempts) {

  /**
   * A name or path that could not be loaded.
   *
   * @param place the name or path
   * @param answer the loader's own words
   */
  public record Attempt(String place, String answer) {}

  /**
   * Whether the library was loaded.
   *
   * @return true if so
   */
  public boolean isFound() {
    return !found.isEmpty();
  }
}
