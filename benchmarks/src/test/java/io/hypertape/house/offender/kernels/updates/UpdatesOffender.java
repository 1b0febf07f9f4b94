package io.hypertape.house.offender.kernels.updates;

import io.hypertape.house.offender.kernels.layers.LayersOffender;

/** Breaks a rule of the house on purpose: names a room that does not lie below its own. */
public class UpdatesOffender {
  LayersOffender above;
}
