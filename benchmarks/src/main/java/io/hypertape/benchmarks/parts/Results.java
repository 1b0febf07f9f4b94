package io.hypertape.benchmarks.parts;

import java.util.Optional;

/** What is known already. */
@FunctionalInterface
public interface Results {

  /**
   * The result of a part, if it has run.
   *
   * @param part whose
   * @return the result, or nothing
   */
  Optional<Outcome> of(Part part);
}
