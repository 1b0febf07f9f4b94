package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.example.CoreOnlyBackend;
import io.hypertape.tensor.DType;

/** Layers and operations on a backend without any kernel that is optional. */
class CoreOnlyDefinitionsTest
    implements DefinitionConformance, SliceConformance, TensorOpConformance {

  @Override
  public Bench bench() {
    throw new AssertionError("it has no kernels to be compared");
  }

  @Override
  public Backend another() {
    return new CoreOnlyBackend(DType.F64);
  }
}
