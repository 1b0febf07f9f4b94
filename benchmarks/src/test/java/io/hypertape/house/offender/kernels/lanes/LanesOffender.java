package io.hypertape.house.offender.kernels.lanes;

import io.hypertape.house.offender.kernels.elementwise.ElementwiseOffender;

/** Breaks a rule of the house on purpose: names a room that does not lie below its own. */
public class LanesOffender {
  ElementwiseOffender above;
}
