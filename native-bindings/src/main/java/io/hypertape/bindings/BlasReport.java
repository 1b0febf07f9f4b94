package io.hypertape.bindings;

import io.hypertape.bindings.LibraryReport.Attempt;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking for a BLAS.
 *
 * @param library what was made of the one that serves; empty if none does
 * @param attempts everything that was there or asked for and refused, in order
 * @param problem why there is none, in one line with what would mend it; empty if there is one
 * @param <T> what a library is made into
 */
public record BlasReport<T>(Optional<T> library, List<Attempt> attempts, String problem) {

  /** Copies the list. */
  public BlasReport {
    attempts = List.copyOf(attempts);
  }
}
