package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;

/** The oracle itself, against what layers mean. */
class ReferenceFloat64DefinitionsTest implements DefinitionConformance {

  @Override
  public Bench bench() {
    throw new UnsupportedOperationException("the oracle is not compared with itself");
  }

  @Override
  public Backend another() {
    return new ReferenceBackend(DType.F64);
  }
}
