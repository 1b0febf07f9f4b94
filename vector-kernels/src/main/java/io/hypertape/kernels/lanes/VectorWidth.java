package io.hypertape.kernels.lanes;

import jdk.incubator.vector.VectorShape;

/**
 * How long vectors are on this machine. Of the Vector API this loads a shape alone, in a
 * millisecond, where a species takes 50: whoever begins with scalar kernels can ask.
 */
public final class VectorWidth {

  /** Bits of the vectors that kernels use: the longest there are, up to 512. */
  public static final int BITS = Math.min(512, VectorShape.preferredShape().vectorBitSize());

  private VectorWidth() {}
}
