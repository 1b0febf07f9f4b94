package io.hypertape.house.offender.kernels.elementwise;

import io.hypertape.house.offender.kernels.gemm.GemmOffender;

/** Breaks a rule of the house on purpose: names a room that does not lie below its own. */
public class ElementwiseOffender {
  GemmOffender above;
}
