package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;

/** A part of the conformance suite. */
interface LayerSuite {

  /** The backend under test beside the oracle, new for each test. */
  Bench bench();

  /** Opens another one of the backend under test. */
  Backend another();
}
