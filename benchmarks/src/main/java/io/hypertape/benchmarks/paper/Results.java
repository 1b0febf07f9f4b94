package io.hypertape.benchmarks.paper;

import java.util.Optional;

/** What is known already. */
@FunctionalInterface
interface Results {

  /** The result of a part, if it has run. */
  Optional<Outcome> of(Part part);
}
