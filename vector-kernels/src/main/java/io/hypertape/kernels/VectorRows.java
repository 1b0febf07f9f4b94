package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The vector shape of this machine. */
final class VectorRows {

  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final int BITS = S.vectorBitSize();

  private VectorRows() {}
}
