package io.hypertape.house.offender.kernels;

import jdk.incubator.vector.FloatVector;

/** Breaks rules of the house on purpose: an incubating type in public, and a third party. */
public class KernelsOffender {
  public FloatVector shown(picocli.CommandLine unused) {
    return null;
  }

  void takenApart(
      float[] a, int aOff, float[] b, int bOff, float[] c, int cOff, int rows, int cols, int by) {}
}
