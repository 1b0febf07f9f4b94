package io.hypertape.bindings;

import java.util.List;

/**
 * What came of looking for one library.
 *
 * @param library which
 * @param found the name or path that the loader took; empty if none
 * @param location the file behind that name as far as known; empty if none was found
 * @param attempts everything that was there or asked for and refused, in order
 * @param folders where no file of that name was
 */
public record LibraryReport(
    NativeLibrary library,
    String found,
    String location,
    List<Attempt> attempts,
    List<String> folders) {

  /**
   * A name or path that could not be loaded.
   *
   * @param place the name or path
   * @param answer the loader's own words, or why it was not asked
   */
  public record Attempt(String place, String answer) {}

  /** Copies the lists. */
  public LibraryReport {
    attempts = List.copyOf(attempts);
    folders = List.copyOf(folders);
  }

  /**
   * What people call the library.
   *
   * @return such as {@code cuBLAS}
   */
  public String purpose() {
    return library.purpose();
  }

  /**
   * Whether the library was loaded.
   *
   * @return true if so
   */
  public boolean isFound() {
    return !found.isEmpty();
  }

  /**
   * Why the library was not loaded, in a few words: what the loader said of a file that is there,
   * or else of the name.
   *
   * @return empty if it was loaded
   */
  public String reason() {
    if (isFound() || attempts.isEmpty()) {
      return "";
    }
    return attempts.stream()
        .filter(attempt -> attempt.place().matches(".*[/\\\\].*"))
        .findFirst()
        .orElse(attempts.getFirst())
        .answer();
  }
}
